import type { Database, Deliver } from '@trunkline/database';
import type { Consumer } from '@trunkline/event-stream';
import { createFeed } from '@trunkline/feed';
import {
  monotonicNow,
  withDeadline,
  type Health,
  type Logger,
  type Metrics,
  type RedisConnections,
  type Settings,
} from '@trunkline/service-kit';
import { measureBacklog } from './backlog-metrics.ts';
import { createIngest, type IngestOptions } from './create-ingest.ts';
import type { IngestGroup } from './ingest-groups.ts';
import type { ingestSettings } from './ingest-settings.ts';

/** What a worker works with; tests swap parts of it. */
export interface IngestContext {
  readonly settings: Pick<Settings<typeof ingestSettings>, 'stores' | 'feed'>;
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health?: Health;
  readonly replica?: string;
}

export type IngestExtras = Pick<IngestOptions, 'graceMs' | 'onApplied' | 'tuning'>;

export interface IngestWorker {
  readonly consumer: Consumer;
  /** The way to the screens, for whatever else this worker commits. */
  readonly deliver: Deliver;
  /** Resolves once the stores answer and the streams are being read. */
  start(): Promise<void>;
  /** Finishes the batches in hand, with their messages. May be called twice. */
  stop(): Promise<void>;
}

/** A consumer that has not turned for so long is stuck, and not merely waiting for a store. */
const loopSilenceMs = 30_000;

const readyCheckMs = 700;

/** A worker of one group: reads the streams, applies what its group wants, and brings what changed into the feeds. */
export function createIngestWorker(
  { settings, database, redis, logger, metrics, health, replica }: IngestContext,
  group: IngestGroup,
  extras: IngestExtras = {},
): IngestWorker {
  const { prefix, shards } = settings.stores;
  const commands = redis.open('commands');
  const feed = createFeed({ redis, prefix, metrics, tuning: { entriesMax: settings.feed.entriesMax } });
  const deliver: Deliver = (messages) => feed.deliver(messages);
  const beat = health?.progress(`${group.name} consumer`, { silenceMsMax: loopSilenceMs });
  let turnedAt = monotonicNow();

  const consumer = createIngest({
    ...extras,
    group,
    database,
    redis,
    prefix,
    shards,
    logger,
    metrics,
    deliver,
    ...(replica !== undefined && { replica }),
    onProgress: () => {
      turnedAt = monotonicNow();
      beat?.();
    },
  });

  function checkReadiness(): void {
    health?.check('database', () => withDeadline(database.ping(), readyCheckMs, 'asking the database'));
    health?.check(
      'redis',
      async () => void (await withDeadline(commands.ping(), readyCheckMs, 'asking Redis')),
    );
    health?.check('consumer', () => {
      const silentMs = monotonicNow() - turnedAt;
      if (silentMs > loopSilenceMs)
        throw new Error(`the consumer has not turned for ${Math.round(silentMs)} ms`);
    });
  }

  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    await consumer.stop();
    beat?.end();
    await feed.close();
    await redis.close(commands);
  }

  return {
    consumer,
    deliver,
    async start() {
      await Promise.all([redis.whenReady(commands), feed.ready(), database.ping()]);
      checkReadiness();
      measureBacklog({ metrics, database, groups: [group.name] });
      await consumer.start();
    },
    stop: () => (stopped ??= stop()),
  };
}
