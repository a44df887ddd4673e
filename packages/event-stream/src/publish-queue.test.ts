import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PublishQueue } from './publish-queue.ts';
import type { Loss, QueuedEvent } from './publish-queue.ts';

function event(source: string, seq: number, text = 'x', epoch = 1): QueuedEvent {
  const head = { source, epoch, seq, type: 't' };
  return { head, shard: 0, header: '', text, queuedAtMs: 0, settle: () => undefined };
}

function takeAll(queue: PublishQueue): QueuedEvent[] {
  const events = queue.peek(0, 1_000);
  queue.remove(0, new Set(events));
  return events;
}

describe('PublishQueue', () => {
  it('keeps the order and what was not written', () => {
    const queue = new PublishQueue(1, { entriesMax: 10, bytesMax: 100 });
    const events = [1, 2, 3, 4].map((seq) => event('a', seq));
    for (const one of events) expect(queue.push(one)).toBe(true);
    queue.remove(0, new Set(events.slice(1, 3)));
    expect(queue.peek(0, 9).map(({ head }) => head.seq)).toEqual([1, 4]);
    expect(queue).toMatchObject({ entries: 2, bytes: 2 });
  });

  it('drops a source from where it overflowed until there is room, as one run', () => {
    const queue = new PublishQueue(1, { entriesMax: 4, bytesMax: 100 });
    expect([1, 2, 3, 4, 5, 6].map((seq) => queue.push(event('a', seq)))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    queue.remove(0, new Set(queue.peek(0, 1)));
    // There is room again, but taking 7 now would leave a hole that a snapshot asked for at 5 might not cover.
    expect(queue.push(event('a', 7))).toBe(false);
    expect(queue.endLosses()).toEqual([]);
    takeAll(queue);
    expect(queue.endLosses()).toEqual([
      { source: 'a', epoch: 1, fromSeq: 5, toSeq: 7, events: 3, reason: 'queue-full' },
    ]);
    expect(queue.push(event('a', 8))).toBe(true);
  });

  it('lets other sources in while there is room, and only marks those that lost something', () => {
    const queue = new PublishQueue(1, { entriesMax: 2, bytesMax: 100 });
    queue.push(event('a', 1));
    queue.push(event('a', 2));
    queue.push(event('a', 3));
    queue.remove(0, new Set(queue.peek(0, 1)));
    expect(queue.push(event('b', 1))).toBe(true);
    takeAll(queue);
    expect(queue.endLosses().map(({ source }) => source)).toEqual(['a']);
  });

  it('counts payloads as well as entries', () => {
    const queue = new PublishQueue(1, { entriesMax: 100, bytesMax: 10 });
    expect(queue.push(event('a', 1, 'x'.repeat(10)))).toBe(true);
    expect(queue.push(event('b', 1, 'x'))).toBe(false);
    takeAll(queue);
    expect(queue).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('starts a new run with a new epoch', () => {
    const queue = new PublishQueue(1, { entriesMax: 1, bytesMax: 100 });
    queue.push(event('a', 1));
    queue.push(event('a', 2));
    queue.push(event('a', 1, 'x', 2));
    takeAll(queue);
    const lost = { source: 'a', events: 1, reason: 'queue-full' };
    expect(queue.endLosses()).toEqual([
      { ...lost, epoch: 1, fromSeq: 2, toSeq: 2 },
      { ...lost, epoch: 2, fromSeq: 1, toSeq: 1 },
    ]);
  });

  it('gives up what waits as runs too', () => {
    const queue = new PublishQueue(1, { entriesMax: 4, bytesMax: 100 });
    for (const one of [event('a', 1), event('b', 1), event('a', 2), event('a', 1, 'x', 2), event('b', 2)])
      queue.push(one);
    const { events, losses } = queue.giveUp();
    expect(events.map(({ head }) => `${head.source}${head.epoch}${head.seq}`)).toEqual([
      'a11',
      'b11',
      'a12',
      'a21',
    ]);
    expect(losses).toEqual([
      { source: 'a', epoch: 1, fromSeq: 1, toSeq: 2, events: 2, reason: 'stopped' },
      { source: 'a', epoch: 2, fromSeq: 1, toSeq: 1, events: 1, reason: 'stopped' },
      { source: 'b', epoch: 1, fromSeq: 1, toSeq: 1, events: 1, reason: 'stopped' },
      { source: 'b', epoch: 1, fromSeq: 2, toSeq: 2, events: 1, reason: 'queue-full' },
    ]);
    expect(queue).toMatchObject({ entries: 0, bytes: 0 });
    expect(queue.giveUp()).toEqual({ events: [], losses: [] });
  });

  it('never loses silently: every event of a source is taken, or lies in a reported run', () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c') },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const queue = new PublishQueue(1, { entriesMax: 6, bytesMax: 1_000 });
        const seqs = new Map<string, number>();
        const taken: string[] = [];
        const losses: Loss[] = [];
        for (const step of actions) {
          if (typeof step === 'number') {
            queue.remove(0, new Set(queue.peek(0, step)));
            losses.push(...queue.endLosses());
            continue;
          }
          const seq = (seqs.get(step) ?? 0) + 1;
          seqs.set(step, seq);
          if (queue.push(event(step, seq))) taken.push(`${step}${seq}`);
          expect(queue.entries).toBeLessThanOrEqual(6);
        }
        takeAll(queue);
        losses.push(...queue.giveUp().losses);
        const lost = losses.flatMap(({ source, fromSeq, toSeq }) =>
          Array.from({ length: toSeq - fromSeq + 1 }, (_, index) => `${source}${fromSeq + index}`),
        );
        const all = [...seqs].flatMap(([source, high]) =>
          Array.from({ length: high }, (_, index) => `${source}${index + 1}`),
        );
        expect([...taken, ...lost].sort()).toEqual(all.sort());
        expect(losses.reduce((sum, { events }) => sum + events, 0)).toBe(lost.length);
      }),
    );
  });
});
