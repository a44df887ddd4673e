import { listPbxs } from '@trunkline/database';
import { openQueueToLook, queuePlaces, type QueuePlace } from '@trunkline/operations';
import type { Queue } from 'bullmq';
import type { ApiContext } from '../api-context.ts';

/** A queue, and what people call it. */
export interface NamedQueue {
  readonly place: QueuePlace;
  readonly queue: Queue;
}

export interface OpenQueues extends AsyncDisposable {
  /** Looks which queues there are now; PBXs come and go. */
  refresh(): Promise<readonly NamedQueue[]>;
}

/** All on one connection: a queue that is only looked at costs a few objects. */
export function openQueues({ database, redis, prefix }: ApiContext): OpenQueues {
  const connection = redis.open('bullmq producer');
  const open = new Map<string, NamedQueue>();

  return {
    async refresh() {
      const pbxs = await database.run((tx) => listPbxs(tx));
      const places = new Map(queuePlaces(prefix, pbxs).map((place) => [place.name, place]));
      for (const [name, { queue }] of open) {
        if (places.has(name)) continue;
        open.delete(name);
        await queue.close();
      }
      for (const [name, place] of places) {
        const queue = open.get(name)?.queue ?? openQueueToLook(connection, place);
        open.set(name, { place, queue });
      }
      return [...open.values()];
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open.values()].map(({ queue }) => queue.close()));
      await redis.close(connection);
    },
  };
}
