import { importQueue } from '@trunkline/contacts';
import type { ListedPbx } from '@trunkline/database';
import { commandQueue } from '@trunkline/pbx-commands';
import { recordingQueue } from '@trunkline/recordings';
import type { RedisConnection } from '@trunkline/service-kit';
import { sweepQueue } from '@trunkline/stuck-calls';
import { webhookQueue } from '@trunkline/webhooks';
import { Queue } from 'bullmq';

/** Where a queue is, and what people call it. */
export interface QueuePlace {
  readonly shown: string;
  readonly name: string;
  readonly prefix: string;
}

export interface QueueState {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

const commandsTo = 'commands to ';

/** Whether it carries commands to one PBX, whose name it then has. */
export const isOfOnePbx = ({ queue }: Pick<QueueState, 'queue'>): boolean => queue.startsWith(commandsTo);

/** Each PBX has a queue of its own; beyond so many, those of the others are left out. */
const queuesMax = 500;

/** Every queue there is, those of no single PBX first. */
export const queuePlaces = (
  prefix: string,
  pbxs: readonly Pick<ListedPbx, 'id' | 'name'>[],
): QueuePlace[] => [
  { shown: 'stuck-calls', ...sweepQueue(prefix) },
  { shown: 'webhooks', ...webhookQueue(prefix) },
  { shown: 'imports', ...importQueue(prefix) },
  { shown: 'recordings', ...recordingQueue(prefix) },
  ...pbxs
    .slice(0, queuesMax)
    .map(({ id, name }) => ({ shown: `${commandsTo}${name}`, ...commandQueue(prefix, id) })),
];

/** `connection` is one for a producer, that is ready. */
export async function readQueues(
  connection: RedisConnection,
  places: readonly QueuePlace[],
): Promise<QueueState[]> {
  const states: QueueState[] = [];
  for (const place of places) states.push(await readQueue(connection, place));
  return states;
}

async function readQueue(
  connection: RedisConnection,
  { shown, name, prefix }: QueuePlace,
): Promise<QueueState> {
  const queue = openQueueToLook(connection, { name, prefix });
  try {
    const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
    return { queue: shown, waiting: waiting + prioritized, active, delayed, failed };
  } finally {
    await queue.close();
  }
}

/** Whoever only looks writes nothing about the queue into Redis. */
export function openQueueToLook(
  connection: RedisConnection,
  { name, prefix }: Pick<QueuePlace, 'name' | 'prefix'>,
): Queue {
  const queue = new Queue(name, {
    connection,
    prefix,
    skipVersionCheck: true,
    skipMetasUpdate: true,
    skipWaitingForReady: true,
  });
  queue.on('error', () => undefined);
  return queue;
}
