import { randomBytes } from 'node:crypto';
import {
  withDeadline,
  type Metrics,
  type RedisConnection,
  type RedisConnections,
} from '@trunkline/service-kit';
import { createFeedKeys, type FeedKeys } from './feed-keys.ts';
import type { FeedEntry } from './feed-entry.ts';
import { feedMetrics } from './feed-metrics.ts';
import { deliverScript, positionScript, type Script } from './feed-scripts.ts';

export interface FeedMessage extends Omit<FeedEntry, 'offset'> {
  readonly tenant: string;
}

export interface FeedOptions {
  readonly redis: Pick<RedisConnections, 'open' | 'close' | 'whenReady' | 'target'>;
  readonly prefix: string;
  readonly metrics?: Metrics;
  readonly tuning?: Partial<FeedTuning>;
}

export interface FeedTuning {
  /** A feed is cut to so many entries; whoever missed more than that gets a snapshot. */
  readonly entriesMax: number;
  /**
   * So many messages are known again when they are delivered again: a relay that got no answer in time can't know whether they are there.
   * It tries again within two minutes, which is as long as a tenant with 80 messages a second is remembered.
   */
  readonly knownMax: number;
  /** A feed to which nothing was added for so long is forgotten. */
  readonly keepMs: number;
  /** What is on its way at once: so many messages, or so many letters if that is less. */
  readonly messagesAtOnceMax: number;
  readonly lettersAtOnceMax: number;
  readonly timeoutMs: number;
}

export const FEED_TUNING: FeedTuning = {
  entriesMax: 1_000,
  knownMax: 10_000,
  keepMs: 7 * 24 * 3_600_000,
  messagesAtOnceMax: 100,
  lettersAtOnceMax: 4 * 1024 * 1024,
  timeoutMs: 5_000,
};

export interface FeedPosition {
  readonly epoch: string;
  /** The last entry that was added, or `0-0`. */
  readonly offset: string;
  /** The first entry that is still there, or `0-0`. */
  readonly oldest: string;
}

export interface Feed {
  /** Resolves when it can take messages; until then it refuses them. */
  ready(): Promise<void>;
  /**
   * Adds messages to the feeds of their tenants and publishes them. Resolves when Redis has them all; rejects where that
   * is not known of one, and may then, as at any time, be called with all of them again: what is there already is left alone.
   */
  deliver(messages: readonly FeedMessage[]): Promise<void>;
  /** Where a tenant's feed stands, for whoever is about to read a snapshot. */
  position(tenant: string): Promise<FeedPosition>;
  close(): Promise<void>;
}

/** The way to the screens: what was committed, in a feed for each tenant. */
export function createFeed({ redis, prefix, metrics, tuning }: FeedOptions): Feed {
  const limits = { ...FEED_TUNING, ...tuning };
  const keysOf = createFeedKeys(prefix);
  const publish = redis.target.kind === 'cluster' ? 'SPUBLISH' : 'PUBLISH';
  const connection = redis.open('commands');
  const measured = metrics && feedMetrics(metrics);

  async function deliver(messages: readonly FeedMessage[]): Promise<void> {
    const startedAt = performance.now();
    for (const part of partsOf(messages, limits)) {
      const calls = part.map((message) => callOf(message, keysOf(message.tenant)));
      await bounded(runAll(connection, deliverScript, calls), 'adding to feeds');
      measured?.messages.inc(part.length);
      measured?.letters.inc(part.reduce((sum, { payload }) => sum + payload.length, 0));
    }
    if (messages.length > 0) measured?.deliverSeconds.observe((performance.now() - startedAt) / 1_000);
  }

  function callOf(
    { id, payload, traceparent }: FeedMessage,
    { stream, head, channel, told }: FeedKeys,
  ): Call {
    const { keepMs, entriesMax, knownMax } = limits;
    return {
      keys: [stream, head, channel, told],
      values: [newEpoch(), keepMs, entriesMax, id, traceparent ?? '', payload, publish, knownMax],
    };
  }

  async function position(tenant: string): Promise<FeedPosition> {
    const { stream, head } = keysOf(tenant);
    const call = { keys: [stream, head], values: [newEpoch(), limits.keepMs] };
    const [answer] = await bounded(runAll(connection, positionScript, [call]), 'reading the place of a feed');
    const [epoch = '', offset = '', oldest = ''] = answer as string[];
    return { epoch, offset, oldest };
  }

  async function bounded<Result>(work: Promise<Result>, what: string): Promise<Result> {
    return await withDeadline(work, limits.timeoutMs, what);
  }

  return {
    ready: () => redis.whenReady(connection),
    deliver,
    position,
    close: () => redis.close(connection),
  };
}

interface Call {
  readonly keys: readonly string[];
  readonly values: readonly (string | number)[];
}

const newEpoch = (): string => randomBytes(9).toString('hex');

/**
 * Everything is written at once and answered in order. On a cluster each call goes to its own node by itself, since a
 * pipeline there must stay on one. A server that does not know the script yet gets its text with what it refused.
 */
async function runAll(
  connection: RedisConnection,
  script: Script,
  calls: readonly Call[],
): Promise<unknown[]> {
  if (connection.status !== 'ready') throw new Error('Redis does not answer');
  return await Promise.all(
    calls.map(async ({ keys, values }) => {
      try {
        return await connection.evalsha(script.sha, keys.length, ...keys, ...values);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return await connection.eval(script.text, keys.length, ...keys, ...values);
      }
    }),
  );
}

function* partsOf(
  messages: readonly FeedMessage[],
  { messagesAtOnceMax, lettersAtOnceMax }: FeedTuning,
): Generator<FeedMessage[]> {
  let part: FeedMessage[] = [];
  let letters = 0;
  for (const message of messages) {
    const full = part.length >= messagesAtOnceMax || letters + message.payload.length > lettersAtOnceMax;
    if (full && part.length > 0) {
      yield part;
      part = [];
      letters = 0;
    }
    part.push(message);
    letters += message.payload.length;
  }
  if (part.length > 0) yield part;
}
