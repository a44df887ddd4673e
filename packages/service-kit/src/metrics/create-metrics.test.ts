import { afterEach, describe, expect, test } from 'vitest';
import { createMemoryLogger } from '../testing/memory-logger.ts';
import { createMetrics, type Metrics } from './create-metrics.ts';
import { defineMetrics } from './define-metrics.ts';

const made: Metrics[] = [];
function metricsOf(app = 'lifecycle-worker', logger = createMemoryLogger().logger): Metrics {
  const metrics = createMetrics({ app, logger });
  made.push(metrics);
  return metrics;
}
afterEach(() => {
  for (const metrics of made.splice(0)) metrics.stop();
});

test('the exposition names the process and its own metrics, the runtime and the delay of the event loop', async () => {
  const metrics = metricsOf();
  const gaps = metrics.counter({
    name: 'trunkline_stream_gaps_total',
    help: 'Gaps seen.',
    labels: ['group'],
  });
  gaps.inc({ group: 'lifecycle' }, 2);
  metrics.histogram({ name: 'trunkline_batch_seconds', help: 'Batches.' }).observe(0.02);
  const text = await metrics.exposition();
  expect(text).toContain('trunkline_stream_gaps_total{group="lifecycle",app="lifecycle-worker"} 2');
  expect(text).toContain('trunkline_batch_seconds_bucket{le="0.025",app="lifecycle-worker"} 1');
  expect(text).toMatch(/^process_cpu_user_seconds_total\{app="lifecycle-worker"\} /m);
  expect(text).toMatch(/^trunkline_event_loop_delay_p99_seconds\{app="lifecycle-worker"\} \d/m);
  expect(metrics.contentType).toContain('text/plain');
});

test('two services in one process do not meet', async () => {
  const first = metricsOf('push');
  const second = metricsOf('api');
  first.counter({ name: 'trunkline_frames_total', help: 'Frames.' }).inc();
  second.counter({ name: 'trunkline_frames_total', help: 'Frames.' }).inc(5);
  expect(await first.exposition()).toContain('trunkline_frames_total{app="push"} 1');
  expect(await second.exposition()).toContain('trunkline_frames_total{app="api"} 5');
});

test('asked for twice, a metric is made once; asked for as another kind, it is refused', () => {
  const metrics = metricsOf();
  const options = { name: 'trunkline_queue_entries', help: 'Waiting.' };
  expect(metrics.gauge(options)).toBe(metrics.gauge(options));
  expect(() => metrics.histogram(options)).toThrow('a metric is of one kind');
});

test('a catalogue is made as it says, and counters whose labels are known begin at 0', async () => {
  const metrics = metricsOf();
  const { gaps, waiting, seconds } = metrics.make(
    defineMetrics({
      gaps: {
        kind: 'counter',
        name: 'trunkline_gaps_total',
        help: 'Gaps.',
        labels: { how: ['cut', 'lost'] },
      },
      rest: { kind: 'counter', name: 'trunkline_rest_total', help: 'Rest.', labels: { group: 'the groups' } },
      waiting: { kind: 'gauge', name: 'trunkline_waiting', help: 'Waiting.' },
      seconds: { kind: 'histogram', name: 'trunkline_step_seconds', help: 'Steps.', buckets: [1, 2] },
    }),
    { waiting: (gauge) => gauge.set(7) },
  );
  gaps.inc({ how: 'cut' });
  seconds.observe(1.5);
  expect(waiting.constructor.name).toBe('Gauge');
  const lines = (await metrics.exposition())
    .split('\n')
    .filter((line) => /gaps|rest|waiting|step/.test(line));
  expect(lines.filter((line) => !line.startsWith('#'))).toEqual([
    'trunkline_gaps_total{how="cut",app="lifecycle-worker"} 1',
    'trunkline_gaps_total{how="lost",app="lifecycle-worker"} 0',
    'trunkline_waiting{app="lifecycle-worker"} 7',
    'trunkline_step_seconds_bucket{le="1",app="lifecycle-worker"} 0',
    'trunkline_step_seconds_bucket{le="2",app="lifecycle-worker"} 1',
    'trunkline_step_seconds_bucket{le="+Inf",app="lifecycle-worker"} 1',
    'trunkline_step_seconds_sum{app="lifecycle-worker"} 1.5',
    'trunkline_step_seconds_count{app="lifecycle-worker"} 1',
  ]);
});

test('a blocked event loop shows in the delay', async () => {
  const metrics = metricsOf();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const end = performance.now() + 200;
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(metrics.eventLoopDelayP99Seconds()).toBeGreaterThan(0.1);
});

describe('a gauge that is read at a scrape', () => {
  test('is read anew each time', async () => {
    const metrics = metricsOf();
    let waiting = 0;
    metrics.gauge({
      name: 'trunkline_jobs_waiting',
      help: 'Waiting jobs.',
      collect: (gauge) => {
        waiting += 1;
        gauge.set(waiting);
      },
    });
    expect(await metrics.exposition()).toContain('trunkline_jobs_waiting{app="lifecycle-worker"} 1');
    expect(await metrics.exposition()).toContain('trunkline_jobs_waiting{app="lifecycle-worker"} 2');
  });

  test('costs only itself when it fails, and the failure is counted and logged', async () => {
    const { logger, entries } = createMemoryLogger();
    const metrics = metricsOf('api', logger);
    metrics.gauge({
      name: 'trunkline_jobs_waiting',
      help: 'Waiting jobs.',
      collect: () => Promise.reject(new Error('Redis is away')),
    });
    await metrics.exposition();
    expect(await metrics.exposition()).toContain(
      'trunkline_metric_collect_failures_total{metric="trunkline_jobs_waiting",app="api"}',
    );
    expect(entries[0]).toMatchObject({ level: 'warn', metric: 'trunkline_jobs_waiting' });
  });
});

test.each([
  ['counter', 'trunkline_gaps', 'counters end in _total'],
  ['gauge', 'trunkline_gaps_total', 'counters end in _total'],
  ['histogram', 'trunkline_batch_ms', 'base units'],
  ['gauge', 'trunkline_memory_percent', 'base units'],
  ['gauge', 'memory_bytes', 'a metric is named trunkline_'],
  ['gauge', 'trunkline_Memory', 'a metric is named trunkline_'],
] as const)('a %s named %s is refused', (kind, name, reason) => {
  expect(() => metricsOf()[kind]({ name, help: '' })).toThrow(reason);
});
