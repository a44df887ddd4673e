import type { Counter, Gauge, Histogram } from 'prom-client';
import type { MetricKind } from './metric-name.ts';

/**
 * The values that a label can have: all of them where they are known here, else in words what bounds them. Never a
 * call, an extension, a phone number or a tenant: each value is a series that Prometheus keeps.
 */
export type LabelValues = readonly string[] | string;

/** One metric: what documents, alert rules and dashboards are checked against. */
export interface MetricDefinition {
  readonly kind: MetricKind;
  readonly name: string;
  readonly help: string;
  readonly labels?: Readonly<Record<string, LabelValues>>;
  /** Of a histogram; seconds unless given. */
  readonly buckets?: readonly number[];
}

/** The metrics of one room, by the names under which its code knows them. */
export type MetricCatalogue = Readonly<Record<string, MetricDefinition>>;

export type LabelOf<Definition extends MetricDefinition> = Definition extends {
  readonly labels: infer Labels;
}
  ? keyof Labels & string
  : never;

export type MetricOf<Definition extends MetricDefinition> = Definition['kind'] extends 'counter'
  ? Counter<LabelOf<Definition>>
  : Definition['kind'] extends 'gauge'
    ? Gauge<LabelOf<Definition>>
    : Histogram<LabelOf<Definition>>;

export type MetricsOf<Catalogue extends MetricCatalogue> = {
  readonly [Key in keyof Catalogue]: MetricOf<Catalogue[Key]>;
};

/** How gauges are read when somebody scrapes, by their keys in the catalogue. */
export type Collectors<Catalogue extends MetricCatalogue> = {
  readonly [Key in keyof Catalogue as Catalogue[Key]['kind'] extends 'gauge' ? Key : never]?: (
    gauge: Gauge<LabelOf<Catalogue[Key]>>,
  ) => void | Promise<void>;
};

/** Keeps the literal types, from which `metrics.make` derives what each metric is and which labels it takes. */
export const defineMetrics = <const Catalogue extends MetricCatalogue>(catalogue: Catalogue): Catalogue =>
  catalogue;

/** More combinations than this are not written down before they happen. */
const combinationsMax = 64;

/**
 * Every combination of labels whose values are all known. Counters begin there at 0: Prometheus sees no increase in a
 * series that appears with its first count, so the first gap or dead letter of a process would raise no alarm.
 */
export function knownCombinations({ labels = {} }: MetricDefinition): Readonly<Record<string, string>>[] {
  let combinations: Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(labels)) {
    if (typeof values === 'string') return [];
    combinations = combinations.flatMap((known) => values.map((value) => ({ ...known, [label]: value })));
    if (combinations.length > combinationsMax) return [];
  }
  return combinations;
}
