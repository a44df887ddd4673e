export type Unit = 's' | 'short' | 'bytes' | 'ops' | 'percentunit';

export interface PanelQuery {
  readonly query: string;
  /** What a line is called; labels in double braces. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  readonly about: string;
  readonly kind: 'timeseries' | 'stat';
  readonly unit: Unit;
  readonly queries: readonly PanelQuery[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Grafana's own: as many seconds as fit the scrapes and the width of the picture. */
export const rateInterval = '$__rate_interval';

export const rateOf = (counter: string, by: string): string =>
  `sum by (${by}) (rate(${counter}[${rateInterval}]))`;

/** The 50th, 95th and 99th percentile of a histogram. */
export const quantiles = (histogram: string): PanelQuery[] =>
  [0.5, 0.95, 0.99].map((share) => ({
    query: `histogram_quantile(${share}, sum by (le) (rate(${histogram}_bucket[${rateInterval}])))`,
    legend: `p${share * 100}`,
  }));

export const lines = (title: string, unit: Unit, about: string, ...queries: PanelQuery[]): Panel => ({
  title,
  about,
  kind: 'timeseries',
  unit,
  queries,
});

export const stat = (title: string, unit: Unit, about: string, query: string): Panel => ({
  title,
  about,
  kind: 'stat',
  unit,
  queries: [{ query, legend: '' }],
});
