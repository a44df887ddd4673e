import type { ListedPbx } from '@trunkline/database';
import { commandQueue } from '@trunkline/pbx-commands';
import type { RedisConnection } from '@trunkline/service-kit';
import { sweepQueue } from '@trunkline/stuck-calls';
import { webhookQueue } from '@trunkline/webhooks';
import { Queue } from 'bullmq';
import type { Bench } from '../bench.ts';

export interface QueueState {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** Each PBX has a queue of its own; beyond so many, those of the others are left out. */
const queuesMax = 500;

export async function readQueues(bench: Bench, pbxs: readonly ListedPbx[]): Promise<QueueState[]> {
  const { prefix } = bench.settings.stores;
  await bench.redisConnection();
  const redis = bench.redis();
  const connection = redis.open('bullmq producer');
  await redis.whenReady(connection);
  const states = [
    await readQueue(connection, 'stuck-calls', sweepQueue(prefix)),
    await readQueue(connection, 'webhooks', webhookQueue(prefix)),
  ];
  for (const { id, name } of pbxs.slice(0, queuesMax))
    states.push(await readQueue(connection, `commands to ${name}`, commandQueue(prefix, id)));
  return states;
}

async function readQueue(
  connection: RedisConnection,
  shown: string,
  { name, prefix }: { readonly name: string; readonly prefix: string },
): Promise<QueueState> {
  // Whoever only looks writes nothing about the queue into Redis.
  const queue = new Queue(name, {
    connection,
    prefix,
    skipVersionCheck: true,
    skipMetasUpdate: true,
    skipWaitingForReady: true,
  });
  queue.on('error', () => undefined);
  try {
    const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
    return { queue: shown, waiting: waiting + prioritized, active, delayed, failed };
  } finally {
    await queue.close();
  }
}
