import type { Panel, Row } from './panel.ts';

const columns = 24;
const rowHeight = 1;
const panelHeights = { stat: 4, timeseries: 8 } as const;

/** The dashboard as Grafana imports it: rows in a grid, with one variable for the data source. */
export function writeDashboard(rows: readonly Row[]): string {
  const placed: object[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: rowHeight },
      panels: [],
    });
    y += rowHeight;
    const kind = panels[0]?.kind ?? 'timeseries';
    const perLine = kind === 'stat' ? panels.length : panels.length % 3 === 0 ? 3 : 2;
    const [width, height] = [Math.floor(columns / perLine), panelHeights[kind]];
    for (const [index, panel] of panels.entries()) {
      const place = {
        x: (index % perLine) * width,
        y: y + Math.floor(index / perLine) * height,
        w: width,
        h: height,
      };
      placed.push(panelOf(panel, place));
    }
    y += Math.ceil(panels.length / perLine) * height;
  }
  const numbered = placed.map((panel, index) => ({ id: index + 1, ...panel }));
  return `${JSON.stringify({ ...frame, panels: numbered }, null, 2)}\n`;
}

const datasource = { type: 'prometheus', uid: '${datasource}' };

const frame = {
  uid: 'trunkline',
  title: 'Trunkline',
  description:
    'Generated from infra/observability/dashboard by `node infra/observability/generate.ts`; change it there.',
  tags: ['trunkline'],
  timezone: 'browser',
  schemaVersion: 39,
  refresh: '30s',
  time: { from: 'now-3h', to: 'now' },
  templating: {
    list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }],
  },
};

const panelOf = ({ title, about, kind, unit, queries }: Panel, gridPos: object): object => ({
  type: kind,
  title,
  description: about,
  datasource,
  gridPos,
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  options: kind === 'stat' ? { reduceOptions: { calcs: ['lastNotNull'] } } : { tooltip: { mode: 'multi' } },
  targets: queries.map(({ query, legend }, index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource,
    expr: query,
    legendFormat: legend,
  })),
});
