import { randomUUID } from 'node:crypto';
import { createFeed, createFeedKeys, readLiveEntry } from '@trunkline/feed';
import {
  monotonicNow,
  sleep,
  withDeadline,
  type Heartbeat,
  type Logger,
  type Metrics,
  type RedisConnection,
  type RedisConnections,
} from '@trunkline/service-kit';
import type { PushMetrics } from '../push-metrics.ts';
import { createFeedSource } from './feed-source.ts';
import { TenantFeed, type TenantFeedTuning } from './tenant-feed.ts';

export interface FeedsOptions {
  readonly redis: Pick<RedisConnections, 'open' | 'close' | 'whenReady' | 'target'>;
  readonly prefix: string;
  readonly logger: Logger;
  readonly metrics: PushMetrics;
  readonly registry?: Metrics;
  readonly tuning: FeedsTuning;
  readonly random?: () => number;
  readonly beat?: Heartbeat | undefined;
}

export interface FeedsTuning extends TenantFeedTuning {
  /** How often the path by which this node hears is probed, and feeds are compared with where they should be. */
  readonly probeMs: number;
  /** A path that brought no probe for so long is broken. */
  readonly silenceMs: number;
  /** How long a feed is kept that nobody watches any more: people reload pages. */
  readonly lingerMs: number;
  /** For the rings of all feeds together. */
  readonly ringLettersTotal: number;
}

/** A feed in use; give it back once. */
export interface Watch {
  readonly feed: TenantFeed;
  release(): void;
}

export interface Feeds {
  start(): Promise<void>;
  stop(): Promise<void>;
  watch(tenant: string): Promise<Watch>;
  /** Tells why this node can't hear, if it can't. */
  readonly problem: string | null;
  /** For what is published to all nodes, such as revocations. */
  listen(channel: string, heard: (text: string) => void): Promise<void>;
  /** Called when the path works again: anything may have been missed. */
  onPathRestored(restored: () => void): void;
}

interface Watched {
  readonly opening: Promise<TenantFeed>;
  users: number;
  leaving?: NodeJS.Timeout | undefined;
}

const subscribeMs = 5_000;
/** Feeds that are compared at once. */
const looksAtOnce = 64;
const ringLettersMin = 256 * 1024;

/**
 * Which feeds this node listens to: those that somebody watches here. It listens by a connection of its own, and does not trust
 * it: a connection that is up may well bring nothing. So it sends itself a probe by the same path every second, and compares
 * where each feed stands with what it has heard.
 */
export function createFeeds(options: FeedsOptions): Feeds {
  const { redis, prefix, logger, metrics, tuning, random = Math.random } = options;
  const keysOf = createFeedKeys(prefix);
  const isSharded = redis.target.kind === 'cluster';
  const subscriber = redis.open('subscriber');
  const commands = redis.open('commands');
  const feed = createFeed({ redis, prefix });
  const source = createFeedSource(feed, commands, prefix);
  const stopping = new AbortController();
  const watched = new Map<string, Watched>();
  const open = new Map<string, TenantFeed>();
  const listeners = new Map<string, (text: string) => void>();
  const restoredListeners: (() => void)[] = [];
  const probeChannel = `${prefix}:push:probe:{${randomUUID()}}`;
  let heardAt = monotonicNow();
  let broken: string | null = null;
  let reconnectedAt = 0;
  let loop: Promise<void> = Promise.resolve();

  subscriber.on(isSharded ? 'smessage' : 'message', onMessage);
  if (isSharded) subscriber.on('message', onMessage);

  function onMessage(channel: string, text: string): void {
    if (channel === probeChannel) return onProbe();
    const tenantFeed = open.get(channel);
    if (tenantFeed === undefined) return listeners.get(channel)?.(text);
    const live = readLiveEntry(text);
    if (live !== null) tenantFeed.hear(live);
  }

  function onProbe(): void {
    heardAt = monotonicNow();
    if (broken === null) return;
    logger.info('the path by which changes are heard works again');
    broken = null;
    metrics.pathBroken.set(0);
    for (const one of open.values()) one.setPathBroken(false);
    for (const restored of restoredListeners) restored();
  }

  function onSilence(silentMs: number): void {
    if (broken === null) {
      logger.warn({ silentMs }, 'no probe comes back; changes may be heard late');
      metrics.pathBroken.set(1);
      for (const one of open.values()) one.setPathBroken(true);
    }
    broken = `no probe has come back for ${Math.round(silentMs)} ms`;
    // A connection that is up and brings nothing is worth less than a new one.
    if (subscriber.status !== 'ready' || monotonicNow() - reconnectedAt < tuning.silenceMs) return;
    reconnectedAt = monotonicNow();
    subscriber.disconnect(true);
  }

  async function turn(): Promise<void> {
    while (!stopping.signal.aborted) {
      options.beat?.();
      if (commands.status === 'ready') {
        void (isSharded ? commands.spublish(probeChannel, '') : commands.publish(probeChannel, '')).catch(
          () => undefined,
        );
        void lookAtAll();
      }
      const silentMs = monotonicNow() - heardAt;
      if (silentMs > tuning.silenceMs) onSilence(silentMs);
      metrics.feeds.set(open.size);
      await sleep(tuning.probeMs, stopping.signal).catch(() => undefined);
    }
  }

  let looking = false;
  async function lookAtAll(): Promise<void> {
    if (looking) return;
    looking = true;
    const all = [...open.values()];
    for (let first = 0; first < all.length; first += looksAtOnce) {
      await Promise.all(all.slice(first, first + looksAtOnce).map(lookAt));
    }
    looking = false;
  }

  async function lookAt(one: TenantFeed): Promise<void> {
    try {
      await one.look(await source.head(one.tenant));
    } catch {
      // The probes tell when Redis is away.
    }
  }

  async function openFeed(tenant: string): Promise<TenantFeed> {
    const { channel } = keysOf(tenant);
    await subscribe(subscriber, isSharded, channel);
    const bounds = ringBounds(open.size + 1);
    const one = await TenantFeed.open({
      tenant,
      source,
      metrics,
      logger,
      random,
      tuning: { ...tuning, ring: bounds },
    });
    open.set(channel, one);
    for (const other of open.values()) other.bound(bounds);
    if (broken !== null) one.setPathBroken(true);
    // What was published between the two was heard by nobody.
    void lookAt(one);
    return one;
  }

  /** All rings together are bounded, however many there are. */
  function ringBounds(count: number) {
    const share = Math.max(ringLettersMin, Math.floor(tuning.ringLettersTotal / count));
    return { entriesMax: tuning.ring.entriesMax, lettersMax: Math.min(tuning.ring.lettersMax, share) };
  }

  function leave(tenant: string, one: Watched): void {
    one.users -= 1;
    if (one.users > 0 || watched.get(tenant) !== one) return;
    one.leaving = setTimeout(() => closeFeed(tenant, one), tuning.lingerMs);
    one.leaving.unref();
  }

  function closeFeed(tenant: string, one: Watched): void {
    clearTimeout(one.leaving);
    if (watched.get(tenant) === one) watched.delete(tenant);
    const { channel } = keysOf(tenant);
    open.get(channel)?.close();
    open.delete(channel);
    void (isSharded ? subscriber.sunsubscribe(channel) : subscriber.unsubscribe(channel)).catch(
      () => undefined,
    );
  }

  return {
    async start() {
      await Promise.all([redis.whenReady(subscriber), redis.whenReady(commands), feed.ready()]);
      await subscribe(subscriber, isSharded, probeChannel);
      heardAt = monotonicNow();
      loop = turn();
    },
    async stop() {
      stopping.abort(new Error('push stops'));
      await loop;
      for (const [tenant, one] of watched) closeFeed(tenant, one);
      await Promise.all([redis.close(subscriber), redis.close(commands), feed.close()]);
    },
    async watch(tenant) {
      let one = watched.get(tenant);
      if (one === undefined) {
        one = { opening: openFeed(tenant), users: 0 };
        watched.set(tenant, one);
      }
      clearTimeout(one.leaving);
      one.users += 1;
      const mine = one;
      try {
        const tenantFeed = await mine.opening;
        let isReleased = false;
        return {
          feed: tenantFeed,
          release: () => {
            if (!isReleased) leave(tenant, mine);
            isReleased = true;
          },
        };
      } catch (error) {
        // The next one tries anew.
        if (watched.get(tenant) === mine) closeFeed(tenant, mine);
        throw error;
      }
    },
    get problem() {
      return broken;
    },
    async listen(channel, heard) {
      listeners.set(channel, heard);
      await withDeadline(subscriber.subscribe(channel), subscribeMs, 'listening to Redis');
    },
    onPathRestored: (restored) => restoredListeners.push(restored),
  };
}

async function subscribe(subscriber: RedisConnection, isSharded: boolean, channel: string): Promise<void> {
  const subscribing = isSharded ? subscriber.ssubscribe(channel) : subscriber.subscribe(channel);
  await withDeadline(subscribing, subscribeMs, 'listening to Redis');
}
