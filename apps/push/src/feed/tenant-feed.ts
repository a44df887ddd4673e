import type { LiveEntry } from '@trunkline/feed';
import { compareOffsets, type ResetReason } from '@trunkline/realtime-protocol';
import { fullJitterDelay, sleep, type Logger } from '@trunkline/service-kit';
import type { PushMetrics } from '../push-metrics.ts';
import { Audience } from './audience.ts';
import { Broadcaster } from './broadcaster.ts';
import { Entry } from './entry.ts';
import type { FeedHead, FeedSource } from './feed-source.ts';
import { outOfReach, Ring, type RingBounds } from './ring.ts';
import { traceDelivery } from './trace-delivery.ts';

/** A connection that has topics of this feed. */
export interface Watcher {
  /** What happens can't be told in time, or can again. */
  setDelayed(delayed: boolean): void;
  /** What was known of every topic is void: the feed is another one, or a part of it is lost. */
  restart(reason: Extract<ResetReason, 'lost' | 'gap'>): void;
}

export interface TenantFeedOptions {
  readonly tenant: string;
  readonly source: FeedSource;
  readonly metrics: PushMetrics;
  readonly logger: Logger;
  readonly tuning: TenantFeedTuning;
  readonly random: () => number;
}

export interface TenantFeedTuning {
  readonly joinMs: number;
  readonly listenersAtOnce: number;
  readonly ring: RingBounds;
  /** What the head knows and we have not heard so long after is lost. */
  readonly lateMs: number;
  /** What is read back for those who come with an old position; whoever wants more starts anew. */
  readonly readBack: RingBounds;
}

const retry = { baseMs: 100, capMs: 2_000 };

/**
 * One tenant's feed as this node knows it. It listens, and whatever makes it doubt what it knows leads to the same thing,
 * `#sync`: an entry that names another one before it than the last we know, another epoch, a head that is further than we
 * are, a link to Redis that was down. A sync asks for the position and reads the stream from where we stand until nothing is
 * left and nothing was heard while it read; if that can't be, because the feed is another one or was cut off behind us, every
 * topic starts anew.
 *
 * Invariants: the ring holds every entry behind its floor. Entries reach the ring and the audience in their order, each once.
 */
export class TenantFeed {
  readonly tenant: string;
  readonly audience = new Audience();
  readonly #options: TenantFeedOptions;
  readonly #broadcaster: Broadcaster;
  readonly #watchers = new Set<Watcher>();
  readonly #stopping = new AbortController();
  #ring: Ring;
  #settled: string;
  #syncing: Promise<void> | undefined;
  #heardMeanwhile = false;
  #readingBack: Promise<boolean> = Promise.resolve(true);
  /** Why what happens can't be told in time. */
  readonly #delays = new Set<'path' | 'sync'>();

  private constructor(options: TenantFeedOptions, epoch: string, offset: string) {
    this.tenant = options.tenant;
    this.#options = options;
    this.#ring = new Ring(epoch, offset, options.tuning.ring);
    this.#settled = offset;
    this.#broadcaster = new Broadcaster({
      audience: this.audience,
      joinMs: options.tuning.joinMs,
      listenersAtOnce: options.tuning.listenersAtOnce,
      onDelivered: (entries, deliveries) => this.#delivered(entries, deliveries),
    });
  }

  /** The channel must be listened to by now, or what comes next could be missed. */
  static async open(options: TenantFeedOptions): Promise<TenantFeed> {
    const { epoch, offset } = await options.source.position(options.tenant);
    return new TenantFeed(options, epoch, offset);
  }

  get ring(): Ring {
    return this.#ring;
  }

  get epoch(): string {
    return this.#ring.epoch;
  }

  /** Up to here everything was given to all who were up to date; null while that can't be said. */
  get settled(): string | null {
    return this.#delays.size === 0 ? this.#settled : null;
  }

  get isDelayed(): boolean {
    return this.#delays.size > 0;
  }

  watch(watcher: Watcher): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  hear(live: LiveEntry): void {
    if (this.#syncing !== undefined) {
      this.#heardMeanwhile = true;
      return;
    }
    const ring = this.#ring;
    if (live.epoch === ring.epoch && compareOffsets(live.offset, ring.last) <= 0) return;
    if (live.epoch === ring.epoch && live.previous === ring.last) this.#accept(live);
    else this.sync('gap');
  }

  /** Compares what is known with where the feed stands. */
  async look(head: FeedHead | null): Promise<void> {
    if (this.#syncing !== undefined) return;
    if (head === null || head.epoch !== this.epoch) this.sync('epoch');
    else if (compareOffsets(head.last, this.#ring.last) > 0) {
      // It may be on its way.
      await sleep(this.#options.tuning.lateMs, this.#stopping.signal).catch(() => undefined);
      if (compareOffsets(head.last, this.#ring.last) > 0) this.sync('lost message');
    }
  }

  /** The path by which this node hears is broken, or whole again; then what was missed is read. */
  setPathBroken(broken: boolean): void {
    if (broken) this.#setDelay('path', true);
    else if (this.#delays.has('path')) {
      this.sync('path');
      void this.#syncing?.then(() => this.#setDelay('path', false));
    }
  }

  sync(why: 'gap' | 'epoch' | 'lost message' | 'path' | 'ahead'): void {
    if (this.#syncing !== undefined || this.#stopping.signal.aborted) return;
    this.#options.metrics.syncs.inc({ why });
    this.#syncing = this.#sync().finally(() => {
      this.#syncing = undefined;
    });
  }

  /** Reads on for somebody who has heard more than this node has, by way of another one. */
  async reachUpTo(offset: string): Promise<boolean> {
    if (compareOffsets(offset, this.#ring.last) > 0) {
      this.sync('ahead');
      await this.#syncing;
    }
    return compareOffsets(offset, this.#ring.last) <= 0;
  }

  /** Makes the ring reach back to an offset, if the stream still does. One at a time, since all want about the same. */
  async reachBack(offset: string): Promise<boolean> {
    this.#readingBack = this.#readingBack.then(
      () => this.#readBack(offset),
      () => this.#readBack(offset),
    );
    return await this.#readingBack;
  }

  bound(bounds: RingBounds): void {
    this.#ring.bound(bounds);
  }

  close(): void {
    this.#stopping.abort(new Error('nobody watches this feed any more'));
    this.#broadcaster.stop();
    this.#watchers.clear();
  }

  #accept(live: Pick<LiveEntry, 'offset' | 'id' | 'payload' | 'traceparent'>): void {
    const entry = this.#read(live, this.#ring.lastSequence + 1);
    this.#ring.append(entry);
    this.#broadcaster.push(entry);
    this.#options.metrics.entries.inc();
  }

  /** A message that can't be read concerns nobody; leaving it out beats standing still before it. */
  #read(raw: Pick<LiveEntry, 'offset' | 'id' | 'payload' | 'traceparent'>, sequence: number) {
    try {
      return new Entry(sequence, raw);
    } catch (error) {
      this.#options.logger.error({ err: error, offset: raw.offset }, 'a message of the feed can’t be read');
      return new Entry(sequence, { ...raw, payload: '{}' });
    }
  }

  async #sync(): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await this.#catchUp();
        this.#setDelay('sync', false);
        return;
      } catch (error) {
        this.#setDelay('sync', true);
        this.#options.logger.debug({ err: error }, 'a feed can’t be read; it is tried again');
        await sleep(fullJitterDelay(attempt, { ...retry, random: this.#options.random }), signal).catch(
          () => undefined,
        );
      }
    }
  }

  async #catchUp(): Promise<void> {
    const { source, tenant } = this.#options;
    const { epoch, offset, oldest } = await source.position(tenant);
    if (epoch !== this.epoch) return this.#startAnew(epoch, offset, 'lost');
    const { last } = this.#ring;
    const isCutOff = compareOffsets(last, oldest) < 0 && last !== offset;
    if (isCutOff && !(last === '0-0' && (await source.isWhole(tenant)))) {
      return this.#startAnew(epoch, offset, 'gap');
    }
    for (;;) {
      this.#heardMeanwhile = false;
      const entries = await source.read(tenant, this.#ring.last, '+');
      if (this.#stopping.signal.aborted) return undefined;
      for (const entry of entries) this.#accept(entry);
      // What was heard while nothing was found came after we looked, or before we listened again: look once more.
      if (entries.length === 0 && !this.#heardMeanwhile) return undefined;
    }
  }

  #startAnew(epoch: string, offset: string, reason: 'lost' | 'gap'): void {
    const { metrics, logger, tuning } = this.#options;
    metrics.feedsLost.inc({ reason });
    logger.warn({ tenant: this.tenant, reason }, 'a feed starts anew; its topics are told afresh');
    this.#ring = new Ring(epoch, offset, tuning.ring, this.#ring.lastSequence);
    this.#settled = offset;
    this.#broadcaster.clear();
    for (const watcher of this.#watchers) watcher.restart(reason);
  }

  async #readBack(offset: string): Promise<boolean> {
    const { source, tenant, tuning } = this.#options;
    const ring = this.#ring;
    if (ring.sequenceAt(offset) !== outOfReach) return true;
    const { oldest, epoch } = await source.position(tenant);
    const isKept =
      compareOffsets(offset, oldest) >= 0 || (offset === '0-0' && (await source.isWhole(tenant)));
    if (epoch !== ring.epoch || !isKept) return false;
    const raw = [];
    let letters = 0;
    for (let behind = offset; behind !== ring.floor;) {
      const page = await source.read(tenant, behind, ring.floor);
      const last = page.at(-1);
      raw.push(...page);
      letters += page.reduce((sum, { payload }) => sum + payload.length, 0);
      const { entriesMax, lettersMax } = tuning.readBack;
      if (last === undefined || raw.length > entriesMax || letters > lettersMax) return false;
      behind = last.offset;
    }
    // The floor may have moved meanwhile; then what was read does not join on to it any more.
    if (ring !== this.#ring || raw.at(-1)?.offset !== ring.floor)
      return ring.sequenceAt(offset) !== outOfReach;
    const first = ring.floorSequence - raw.length + 1;
    ring.prepend(
      raw.map((one, index) => this.#read(one, first + index)),
      offset,
    );
    this.#options.metrics.readBack.inc(raw.length);
    return ring.sequenceAt(offset) !== outOfReach;
  }

  #delivered(entries: readonly Entry[], deliveries: number): void {
    const last = entries.at(-1);
    // A broadcast that began before the feed started anew ends after it, and settles nothing of the new one.
    if (last !== undefined && last.sequence > this.#ring.floorSequence) this.#settled = last.offset;
    this.#options.metrics.delivered(entries, deliveries);
    if (deliveries > 0) traceDelivery(entries, deliveries);
  }

  #setDelay(cause: 'path' | 'sync', on: boolean): void {
    const before = this.isDelayed;
    if (on) this.#delays.add(cause);
    else this.#delays.delete(cause);
    if (before === this.isDelayed) return;
    for (const watcher of this.#watchers) watcher.setDelayed(this.isDelayed);
  }
}
