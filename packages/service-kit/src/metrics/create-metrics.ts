import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  prometheusContentType,
  Registry,
} from 'prom-client';
import type { Logger } from '../logs/create-logger.ts';
import { assertNever } from '../primitives/assert-never.ts';
import { assert } from '../primitives/assert.ts';
import { withDeadline } from '../primitives/with-deadline.ts';
import { DURATION_BUCKETS_SECONDS } from './buckets.ts';
import {
  defineMetrics,
  knownCombinations,
  type Collectors,
  type MetricCatalogue,
  type MetricDefinition,
  type MetricsOf,
} from './define-metrics.ts';
import { measureEventLoopDelay } from './event-loop-delay.ts';
import { assertMetricName } from './metric-name.ts';

export type { Counter, Gauge, Histogram } from 'prom-client';

export interface MetricOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  /** Few and of few values each: never a call, an extension or a phone number. */
  readonly labels?: readonly Label[];
}

export interface GaugeOptions<Label extends string> extends MetricOptions<Label> {
  /** Reads the value when somebody scrapes. Bounded in time; a failure is counted and the scrape goes on. */
  readonly collect?: (gauge: Gauge<Label>) => void | Promise<void>;
}

export interface HistogramOptions<Label extends string> extends MetricOptions<Label> {
  /** Seconds unless given. */
  readonly buckets?: readonly number[];
}

/** Asked twice for a name, as by two consumers in one process, each of these gives the same metric again. */
export interface Metrics {
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>;
  gauge<Label extends string = never>(options: GaugeOptions<Label>): Gauge<Label>;
  histogram<Label extends string = never>(options: HistogramOptions<Label>): Histogram<Label>;
  /** All metrics of a room's catalogue, with the readers of its gauges. Counters of known labels begin at 0. */
  make<const Catalogue extends MetricCatalogue>(
    catalogue: Catalogue,
    collectors?: Collectors<Catalogue>,
  ): MetricsOf<Catalogue>;
  /** For libraries that bring metrics of their own. */
  readonly registry: Registry;
  eventLoopDelayP99Seconds(): number;
  /** Everything in the Prometheus text format. */
  exposition(): Promise<string>;
  readonly contentType: string;
  stop(): void;
}

/** A scrape gives up after 10 s by default; one slow gauge must not cost all the others. */
const COLLECT_MS_MAX = 2_000;

export const serviceMetrics = defineMetrics({
  collectFailures: {
    kind: 'counter',
    name: 'trunkline_metric_collect_failures_total',
    help: 'Gauges whose value could not be read during a scrape.',
    labels: { metric: 'the gauges that are read at a scrape' },
  },
  eventLoopDelay: {
    kind: 'gauge',
    name: 'trunkline_event_loop_delay_p99_seconds',
    help: 'How late timers fire, 99th percentile of the last 10 to 20 seconds.',
  },
});

/** Metrics of one process in a registry of their own, so that two services in one test don't meet. */
export function createMetrics({ app, logger }: { app: string; logger?: Logger }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });

  const delay = measureEventLoopDelay();
  const registers = [registry];

  const metrics: Metrics = {
    counter<Label extends string = never>({ name, help, labels = [] }: MetricOptions<Label>) {
      assertMetricName('counter', name);
      return once(
        registry,
        Counter<Label>,
        name,
        () => new Counter({ name, help, labelNames: [...labels], registers }),
      );
    },
    gauge<Label extends string = never>({ name, help, labels = [], collect }: GaugeOptions<Label>) {
      assertMetricName('gauge', name);
      return once(registry, Gauge<Label>, name, () => {
        const gauge: Gauge<Label> = new Gauge({
          name,
          help,
          labelNames: [...labels],
          registers,
          ...(collect && { collect: () => collectSafely(name, async () => collect(gauge)) }),
        });
        return gauge;
      });
    },
    histogram<Label extends string = never>(options: HistogramOptions<Label>) {
      const { name, help, labels = [], buckets = DURATION_BUCKETS_SECONDS } = options;
      assertMetricName('histogram', name);
      return once(
        registry,
        Histogram<Label>,
        name,
        () => new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
      );
    },
    make: (catalogue, collectors) => makeAll(metrics, catalogue, collectors),
    registry,
    eventLoopDelayP99Seconds: () => delay.p99Seconds(),
    exposition: () => registry.metrics(),
    contentType: prometheusContentType,
    stop: () => delay.stop(),
  };

  async function collectSafely(name: string, collect: () => Promise<void>): Promise<void> {
    try {
      await withDeadline(collect(), COLLECT_MS_MAX, `collecting ${name}`);
    } catch (error) {
      collectFailures.inc({ metric: name });
      logger?.warn({ err: error, metric: name }, 'a gauge could not be read');
    }
  }

  const { collectFailures } = metrics.make(serviceMetrics, {
    eventLoopDelay: (gauge) => gauge.set(delay.p99Seconds()),
  });
  return metrics;
}

function makeAll<const Catalogue extends MetricCatalogue>(
  metrics: Metrics,
  catalogue: Catalogue,
  collectors: Collectors<Catalogue> = {},
): MetricsOf<Catalogue> {
  const readers = collectors as Readonly<Record<string, GaugeOptions<string>['collect']>>;
  const made = Object.entries(catalogue).map(([key, definition]) => [
    key,
    makeOne(metrics, definition, readers[key]),
  ]);
  return Object.fromEntries(made) as MetricsOf<Catalogue>;
}

function makeOne(metrics: Metrics, definition: MetricDefinition, collect: GaugeOptions<string>['collect']) {
  const { kind, name, help, buckets } = definition;
  const options = { name, help, labels: Object.keys(definition.labels ?? {}) };
  switch (kind) {
    case 'counter': {
      const counter = metrics.counter<string>(options);
      for (const labels of knownCombinations(definition)) counter.inc(labels, 0);
      return counter;
    }
    case 'gauge':
      return metrics.gauge<string>({ ...options, ...(collect && { collect }) });
    case 'histogram':
      return metrics.histogram<string>({ ...options, ...(buckets && { buckets }) });
    default:
      return assertNever(kind, 'kind of metric');
  }
}

function once<Made extends object>(
  registry: Registry,
  kind: new (...parameters: never[]) => Made,
  name: string,
  make: () => Made,
): Made {
  const known = registry.getSingleMetric(name);
  assert(
    known === undefined || known instanceof kind,
    `a metric is of one kind, "${name}" is asked for as two`,
  );
  return known ?? make();
}
