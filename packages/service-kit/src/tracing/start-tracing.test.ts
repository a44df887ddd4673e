import { describe, expect, test } from 'vitest';
import { runChild } from '../testing/child-process.ts';
import { createMemoryLogger } from '../testing/memory-logger.ts';
import { currentTraceparent, linkFrom, recordSpan, withSpan } from './spans.ts';
import { startTracing } from './start-tracing.ts';
import { traceIdOf } from './trace-id.ts';
import { startCollector } from './testing/collector.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const { logger } = createMemoryLogger();
const REMOTE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const ANOTHER = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01';
const tracedProcess = new URL('./testing/traced-process.ts', import.meta.url);

describe('switched off', () => {
  test('work runs as if nothing were there', async () => {
    await using tracing = await startTracing({ serviceName: 'test', logger });
    expect(tracing.enabled).toBe(false);
    const seen = await withSpan('work', { links: [linkFrom(REMOTE)], parent: REMOTE }, (span) => {
      span.setAttribute('entries', 3);
      return Promise.resolve([currentTraceparent(), linkFrom(REMOTE)]);
    });
    expect(seen).toEqual([undefined, undefined]);
    await expect(withSpan('work', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  test('nothing of the SDK is loaded', async () => {
    await using child = runChild(tracedProcess);
    expect(await child.ending()).toEqual({ code: 0, signal: null });
    expect(JSON.parse(child.output[0] ?? '')).toEqual({
      loaded: ['@opentelemetry/api'],
      traceparent: null,
      link: null,
    });
  });
});

describe('switched on', () => {
  test('a collector receives a batch as one span with links, its children and its failure', async () => {
    await using collector = await startCollector();
    const tracing = await startTracing({
      endpoint: `${collector.endpoint}/`,
      serviceName: 'lifecycle-worker',
      logger,
    });
    const links = [linkFrom(REMOTE), linkFrom('nonsense'), linkFrom(undefined), linkFrom(ANOTHER)];
    let carried: string | undefined;

    const failing = withSpan(
      'apply batch',
      { kind: 'consumer', links, attributes: { 'trunkline.shard': 3 } },
      async () => {
        carried = currentTraceparent();
        await withSpan('publish', { kind: 'producer' }, () => Promise.resolve());
        throw new Error('could not reach postgresql://u:hunter2@db/x');
      },
    );
    await expect(failing).rejects.toThrow('could not reach');
    await tracing.stop();

    const [child, batch] = collector.spans;
    expect(collector.paths).toEqual(['/v1/traces']);
    expect([...collector.serviceNames]).toEqual(['lifecycle-worker']);
    expect(batch).toMatchObject({
      name: 'apply batch',
      kind: 5,
      links: [
        { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
        { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
      ],
      attributes: [{ key: 'trunkline.shard', value: { intValue: 3 } }],
      status: { code: 2, message: 'could not reach postgresql://u:[redacted]@db/x' },
    });
    expect(child).toMatchObject({
      name: 'publish',
      kind: 4,
      parentSpanId: batch?.spanId,
      traceId: batch?.traceId,
    });
    expect(carried).toBe(`00-${batch?.traceId}-${batch?.spanId}-01`);
    expect(JSON.stringify(collector.spans)).not.toContain('hunter2');
  });

  test('a span continues the trace of another process', async () => {
    await using collector = await startCollector();
    const tracing = await startTracing({ endpoint: collector.endpoint, serviceName: 'test', logger });
    await withSpan('handle', { parent: REMOTE }, () => Promise.resolve());
    await tracing.stop();
    expect(collector.spans[0]).toMatchObject({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      parentSpanId: '00f067aa0ba902b7',
    });
  });

  test('what is about a thing that has a name stands in the trace of that thing, also in the log', async () => {
    await using collector = await startCollector();
    const { logger, entries } = createMemoryLogger();
    const { endpoint } = collector;
    const tracing = await startTracing({ endpoint, log: true, serviceName: 'test', logger });
    const about = ['pbx', 'call'];
    await withSpan('batch', {}, async () => {
      await withSpan('hear', { about }, async () => logger.info('within'));
      recordSpan('deliver', { about, links: [linkFrom(REMOTE)] }, Date.now() - 1_000);
    });
    logger.info('outside');
    await tracing.stop();
    const traceId = traceIdOf(...about);
    expect(traceId).toMatch(/^[\da-f]{32}$/);
    expect(traceIdOf('pbxcall')).not.toBe(traceIdOf(...about));
    expect(collector.spans.map((span) => [span.name, span.traceId === traceId])).toEqual([
      ['hear', true],
      ['deliver', true],
      ['batch', false],
    ]);
    expect(entries.filter((entry) => entry['traceId'] === traceId)).toEqual([
      expect.objectContaining({ msg: 'within', spanId: collector.spans[0]?.spanId }),
      expect.objectContaining({ msg: 'span: hear', durationMs: expect.any(Number) as number }),
      expect.objectContaining({ msg: 'span: deliver', links: ['4bf92f3577b34da6a3ce929d0e0e4736'] }),
    ]);
    expect(entries.find(({ msg }) => msg === 'outside')).not.toHaveProperty('traceId');
  });

  test('a log is enough to trace into', async () => {
    const { logger, entries } = createMemoryLogger();
    await using tracing = await startTracing({ log: true, serviceName: 'test', logger });
    expect(tracing.enabled).toBe(true);
    await withSpan('work', {}, () => Promise.resolve());
    expect(entries.map(({ msg }) => msg)).toContain('span: work');
  });

  test('more sources than the SDK keeps by default are all linked', async () => {
    await using collector = await startCollector();
    const tracing = await startTracing({ endpoint: collector.endpoint, serviceName: 'test', logger });
    const links = Array.from({ length: 500 }, () => linkFrom(REMOTE));
    await withSpan('apply batch', { links }, () => Promise.resolve());
    await tracing.stop();
    expect(collector.spans[0]?.links).toHaveLength(500);
  });

  test('a process that traced ends by itself, having sent everything', async () => {
    await using collector = await startCollector();
    await using child = runChild(tracedProcess, { args: [collector.endpoint] });
    expect(await child.ending()).toEqual({ code: 0, signal: null });
    expect(child.output[0]).toContain('@opentelemetry/sdk-trace');
    expect(collector.spans.map(({ name }) => name)).toEqual(['work']);
  });

  test('a collector that is away costs spans and nothing else', async () => {
    const { logger, entries } = createMemoryLogger();
    const tracing = await startTracing({ endpoint: 'http://127.0.0.1:1', serviceName: 'test', logger });
    await expect(withSpan('work', {}, () => Promise.resolve(7))).resolves.toBe(7);
    await Promise.all([tracing.stop(100), tracing.stop(100)]);
    expect(entries.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('a traceparent is read back as it was written, and nothing else is', () => {
  const context = parseTraceparent(REMOTE);
  expect(context && formatTraceparent(context)).toBe(REMOTE);
  for (const nonsense of [
    '',
    '00-0-0-0',
    REMOTE.replace('00-', '01-'),
    REMOTE.replace(/[\da-f]{32}/, '0'.repeat(32)),
  ]) {
    expect(parseTraceparent(nonsense)).toBeUndefined();
  }
});
