import * as v from 'valibot';
import { count, id, instant } from './common.ts';

const told = <Value extends v.GenericSchema>(value: Value) =>
  v.variant('ok', [
    v.object({ ok: v.literal(true), value }),
    v.object({ ok: v.literal(false), because: v.string() }),
  ]);

const age = v.pipe(v.nullable(v.number()), v.description('Of the oldest; null where none waits.'));

export const systemShape = v.object({
  at: instant,
  backlogs: told(
    v.object({
      outbox: v.object({ messages: count, oldestMs: age }),
      snapshotWishes: count,
      connectors: count,
    }),
  ),
  groups: told(v.array(v.object({ group: v.string(), lag: count, oldestMs: age, parked: count }))),
  shards: told(
    v.array(
      v.object({
        shard: count,
        entries: count,
        trimmed: v.nullable(count),
        groups: v.array(
          v.object({
            group: v.string(),
            lastId: v.nullable(v.string()),
            servedBy: v.nullable(v.string()),
            servedAt: v.nullable(instant),
            lag: count,
          }),
        ),
      }),
    ),
  ),
  queues: told(
    v.array(v.object({ queue: v.string(), waiting: count, active: count, delayed: count, failed: count })),
  ),
  chores: told(
    v.array(
      v.object({
        task: v.string(),
        dueAt: v.nullable(instant),
        finishedAt: v.nullable(instant),
        problem: v.nullable(v.string()),
      }),
    ),
  ),
});

const milliseconds = v.nullable(v.number());

export const pushNodesShape = v.object({
  items: v.array(
    v.object({
      id,
      name: v.string(),
      startedAt: instant,
      ageMs: v.pipe(v.number(), v.description('How long ago it said so.')),
      connections: count,
      topics: count,
      feeds: count,
      bufferedBytes: count,
      resumes: v.pipe(count, v.description('Since its start, as the following.')),
      resets: count,
      slow: v.pipe(count, v.description('How often a topic was set aside for a slow connection.')),
      deliveries: count,
      deliveryP50Ms: v.pipe(milliseconds, v.description('Over the last seconds, as the following.')),
      deliveryP99Ms: milliseconds,
      loopDelayMs: v.number(),
    }),
  ),
});
