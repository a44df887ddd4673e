import { createRedisConnections } from '@trunkline/service-kit';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy } from '@trunkline/backing-services/testing';
import type { FaultProxy } from '@trunkline/backing-services/testing';
import type { Publisher, PublisherTuning, PublishOutcome } from './index.ts';
import type { LabPayload } from './testing/lab-effects.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

describe('a publisher', () => {
  let lab: StreamLab;
  let key: string;
  let proxy: FaultProxy;
  let redis: ReturnType<typeof createRedisConnections>;

  beforeEach(async () => {
    lab = await StreamLab.open({ shards: 1 });
    key = lab.keys.events(0);
    proxy = lab.use(await startFaultProxy({ port: Number(new URL(lab.redisUrl).port) }));
    redis = createRedisConnections({
      url: proxy.through(lab.redisUrl),
      logger: lab.logger,
      name: 'publisher',
    });
  });

  afterEach(async () => {
    await lab[Symbol.asyncDispose]();
    await redis.closeAll();
  });

  const quick = { writeTimeoutMs: 300, backoffBaseMs: 5, backoffMaxMs: 50 };

  function open(tuning: Partial<PublisherTuning> = {}): Publisher<LabPayload> {
    return lab.publisher({ ...quick, ...tuning }, redis);
  }

  function publish(
    publisher: Publisher<LabPayload>,
    source: string,
    from: number,
    to: number,
  ): Promise<PublishOutcome>[] {
    const outcomes = [];
    for (let seq = from; seq <= to; seq++) {
      outcomes.push(publisher.publish({ source, epoch: 1, seq, type: 'lab', payload: {} }));
    }
    return outcomes;
  }

  async function headers(): Promise<string[]> {
    return (await lab.client.xrange(key, '-', '+')).map(([, fields]) => fields[1] ?? '');
  }

  function expected(source: string, from: number, to: number): string[] {
    return Array.from({ length: to - from + 1 }, (_, index) => `1-${from + index} lab ${source}`);
  }

  async function cutOff(): Promise<void> {
    proxy.refuse();
    proxy.reset();
    await sleep(20);
  }

  it('writes in order and tells each entry its id', async () => {
    const outcomes = await Promise.all(publish(open({ pipelineEntriesMax: 7 }), 'a', 1, 100));
    expect(await headers()).toEqual(expected('a', 1, 100));
    const ids = (await lab.client.xrange(key, '-', '+')).map(([id]) => id);
    expect(outcomes).toEqual(ids.map((entryId) => ({ written: true, entryId })));
  });

  it('carries traceparent and payload', async () => {
    await open().publish({
      source: 'a',
      epoch: 7,
      seq: 3,
      type: 'x',
      payload: { sleepMs: 1 },
      traceparent: '00-aa-bb-01',
    });
    expect((await lab.client.xrange(key, '-', '+')).map(([, fields]) => fields)).toEqual([
      ['h', '7-3 x a 00-aa-bb-01', 'd', '{"sleepMs":1}'],
    ]);
  });

  it('knows the last version of each source that is written', async () => {
    const publisher = open();
    expect(publisher.lastWritten('a')).toBeNull();
    await Promise.all([...publish(publisher, 'a', 1, 5), ...publish(publisher, 'b', 1, 2)]);
    expect(publisher.lastWritten('a')).toEqual({ epoch: 1, seq: 5 });
    expect(publisher.lastWritten('b')).toEqual({ epoch: 1, seq: 2 });
  });

  it('buffers through an outage and keeps the order', async () => {
    const publisher = open();
    await Promise.all(publish(publisher, 'a', 1, 10));
    await cutOff();
    const outcomes = publish(publisher, 'a', 11, 500);
    await until(() => (publisher.status().failing?.attempts ?? 0) >= 3);
    expect(publisher.status().queueEntries).toBe(490);
    expect(publisher.lastWritten('a')).toEqual({ epoch: 1, seq: 10 });
    proxy.accept();
    await Promise.all(outcomes);
    expect(await headers()).toEqual(expected('a', 1, 500));
    expect(publisher.status()).toEqual({ queueEntries: 0, queueBytes: 0, failing: null });
    expect(lab.losses).toEqual([]);
  });

  it('drops a source as a whole run when its buffer is full, says so, and takes it again with room for the snapshot', async () => {
    const publisher = open({ queueEntriesMax: 100 });
    await Promise.all(publish(publisher, 'a', 1, 1));
    await cutOff();
    const kept = publish(publisher, 'a', 2, 101);
    const dropped = await Promise.all([
      ...publish(publisher, 'a', 102, 150),
      ...publish(publisher, 'b', 1, 3),
    ]);
    expect(new Set(dropped.map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set(['{"written":false,"reason":"queue-full"}']),
    );
    expect(publisher.status().queueEntries).toBe(100);
    expect(lab.losses).toEqual([]);
    proxy.accept();
    await Promise.all(kept);
    await until(() => lab.losses.length === 2);
    expect(lab.losses).toEqual([
      { source: 'a', epoch: 1, fromSeq: 102, toSeq: 150, events: 49, reason: 'queue-full' },
      { source: 'b', epoch: 1, fromSeq: 1, toSeq: 3, events: 3, reason: 'queue-full' },
    ]);
    await Promise.all([...publish(publisher, 'a', 151, 152), ...publish(publisher, 'b', 4, 4)]);
    expect((await headers()).filter((header) => header.endsWith(' a'))).toEqual([
      ...expected('a', 1, 101),
      ...expected('a', 151, 152),
    ]);
    expect(await lab.metric('trunkline_publisher_dropped_total', { reason: 'queue-full' })).toBe(52);

    await lab.started('g');
    await until(async () => (await lab.countApplied('g')) === 104);
    expect((await lab.resyncs('g')).sort()).toEqual(['gap a/1 102-150', 'gap b/1 1-3']);
  });

  it('bounds its buffer by bytes too', async () => {
    const publisher = open({ queueBytesMax: 1_000 });
    await cutOff();
    const outcomes = publish(publisher, 'a', 1, 600);
    expect(publisher.status().queueBytes).toBe(1_000);
    expect(await outcomes[500]).toEqual({ written: false, reason: 'queue-full' });
    proxy.accept();
  });

  it('drops a payload that is too large by itself, and says so', async () => {
    const publisher = open({ payloadBytesMax: 10 });
    const outcome = publisher.publish({
      source: 'a',
      epoch: 1,
      seq: 1,
      type: 'x',
      payload: { sleepMs: 1_000_000 },
    });
    expect(lab.losses).toEqual([]);
    expect(await outcome).toEqual({ written: false, reason: 'too-large' });
    await until(() => lab.losses.length === 1);
    expect(lab.losses).toEqual([
      { source: 'a', epoch: 1, fromSeq: 1, toSeq: 1, events: 1, reason: 'too-large' },
    ]);
    expect(await publish(publisher, 'a', 2, 2)[0]).toMatchObject({ written: true });
  });

  it('refuses what could never be read', () => {
    expect(() => open().publish({ source: 'a b', epoch: 1, seq: 1, type: 'x', payload: {} })).toThrow(
      /source/,
    );
  });

  it('writes again when the answer was lost, and the consumer applies it once', async () => {
    const publisher = open();
    await Promise.all(publish(publisher, 'a', 1, 1));
    let cuts = 0;
    let sent = false;
    proxy.watch((direction, chunk) => {
      if (direction === 'up' && chunk.includes('xadd')) sent = true;
      if (direction !== 'down' || !sent || cuts >= 3) return 'pass';
      sent = false;
      cuts++;
      return 'cut-before';
    });
    await Promise.all(publish(publisher, 'a', 2, 50));
    expect(cuts).toBe(3);
    expect((await headers()).length).toBeGreaterThan(50);
    lab.expectAlso(...Array.from({ length: 50 }, (_, index) => ({ source: 'a', seq: index + 1 })));
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual({ missing: [], extra: [], twice: [] });
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('replaces a half-open socket', async () => {
    const publisher = open();
    await Promise.all(publish(publisher, 'a', 1, 5));
    proxy.strand();
    const startedAt = performance.now();
    await Promise.all(publish(publisher, 'a', 6, 10));
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await headers()).toEqual(expected('a', 1, 10));
  });

  it('waits while Redis refuses to write', async () => {
    const publisher = open();
    await lab.client.set(key, 'not a stream');
    const outcomes = publish(publisher, 'a', 1, 5);
    await until(() => publisher.status().failing?.message.includes('WRONGTYPE') ?? false);
    await lab.client.del(key);
    await Promise.all(outcomes);
    expect(await headers()).toEqual(expected('a', 1, 5));
  });

  it('keeps a stream within its cap while no worker trims it', async () => {
    await Promise.all(publish(open({ streamEntriesMax: 200 }), 'a', 1, 2_000));
    expect(await lab.client.xlen(key)).toBeLessThan(400);
  });

  it('flushes: at once when idle, when all is written, or fails in time', async () => {
    const publisher = open();
    await publisher.flush(0);
    const outcomes = publish(publisher, 'a', 1, 10);
    await publisher.flush(2_000);
    expect(await headers()).toEqual(expected('a', 1, 10));
    await Promise.all(outcomes);
    await cutOff();
    void publish(publisher, 'a', 11, 20);
    await expect(publisher.flush(50)).rejects.toThrow(/writing 10 queued events did not finish within 50 ms/);
    proxy.accept();
    await publisher.flush(5_000);
    expect(await headers()).toEqual(expected('a', 1, 20));
  });

  it('stops after writing what is queued', async () => {
    const publisher = open();
    const outcomes = publish(publisher, 'a', 1, 100);
    await Promise.all([publisher.stop(), publisher.stop()]);
    expect(await headers()).toEqual(expected('a', 1, 100));
    await Promise.all(outcomes);
    expect(await publish(publisher, 'a', 101, 101)[0]).toEqual({ written: false, reason: 'stopped' });
    await until(() => redis.size === 0);
  });

  it('stops in time while Redis is away, and reports what is lost', async () => {
    const publisher = open({ stopTimeoutMs: 200, queueEntriesMax: 3 });
    await Promise.all(publish(publisher, 'a', 1, 1));
    await cutOff();
    const outcomes = publish(publisher, 'a', 2, 6);
    const startedAt = performance.now();
    await publisher.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await Promise.all(outcomes)).map((outcome) => outcome.written)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    await until(() => lab.losses.reduce((sum, { events }) => sum + events, 0) === 5);
    expect(lab.losses.map(({ fromSeq, toSeq, reason }) => `${fromSeq}-${toSeq} ${reason}`).sort()).toEqual([
      '2-4 stopped',
      '5-6 queue-full',
    ]);
    proxy.accept();
  });
});
