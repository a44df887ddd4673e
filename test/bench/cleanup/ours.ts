import type { Database, Deliver } from '@trunkline/database';
import { createPublisher } from '@trunkline/event-stream';
import { createFeed } from '@trunkline/feed';
import { createIngest, heardCodec, ingestGroups } from '@trunkline/ingest';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { pbx } from './state.ts';

export interface Ours extends AsyncDisposable {
  /** Publishes that the link is lost and waits until everybody has been told. */
  disconnect(): Promise<{ committed: number; relayed: number }>;
}

export interface OursOptions {
  readonly database: Database;
  readonly redisUrl: string;
  readonly prefix: string;
}

/** The cleanup group as the worker runs it: stream, floor, run, audit, outbox and the feed in Redis. */
export async function startOurs({ database, redisUrl, prefix }: OursOptions): Promise<Ours> {
  const logger = createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false });
  const metrics = createMetrics({ app: 'bench' });
  const redis = createRedisConnections({ url: redisUrl, logger, name: 'bench' });
  const feed = createFeed({ redis, prefix });
  await feed.ready();
  const shared = { prefix, shards: 1, redis, logger, metrics };
  const publisher = createPublisher({ ...shared, codec: heardCodec, onLoss: () => undefined });

  let committedAt = 0;
  let relayed = Promise.withResolvers<number>();
  const deliver: Deliver = async (messages) => {
    await feed.deliver(messages);
    relayed.resolve(performance.now());
  };
  const onApplied = (): void => {
    committedAt = performance.now();
  };
  const consumer = createIngest({ ...shared, group: ingestGroups.cleanup, database, deliver, onApplied });
  await consumer.start();

  let seq = 0;
  return {
    async disconnect() {
      seq += 1;
      relayed = Promise.withResolvers<number>();
      const startedAt = performance.now();
      const text = JSON.stringify({ at: Date.now(), reason: 'the bench pulled the cable' });
      // Far above all that was said of calls and extensions, in an epoch of its own.
      await publisher.publish({
        source: pbx,
        epoch: seq,
        seq: 1,
        type: 'link.disconnected',
        payload: { text },
      });
      const relayedAt = await relayed.promise;
      return { committed: committedAt - startedAt, relayed: relayedAt - startedAt };
    },
    async [Symbol.asyncDispose]() {
      await consumer.stop();
      await publisher.stop();
      metrics.stop();
      await redis.closeAll();
    },
  };
}
