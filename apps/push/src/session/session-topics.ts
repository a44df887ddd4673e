import type { Principal } from '@trunkline/access';
import { parseTopic, type Down, type Position, type ProblemKind } from '@trunkline/realtime-protocol';
import type { Watch } from '../feed/feeds.ts';
import type { TenantFeed, Watcher } from '../feed/tenant-feed.ts';
import { mayHear, seesNumbers } from './may-hear.ts';
import type { PushMetrics } from '../push-metrics.ts';
import type { Outbox } from './outbox.ts';
import type { SessionHost } from './session-host.ts';
import { SessionSnapshots } from './session-snapshots.ts';
import { Subscription, type SubscriptionHost } from './subscription.ts';

/** The session, as its topics see it. */
export interface TopicsOwner {
  /** Null unless it is connected. */
  readonly principal: Principal | null;
  readonly isEnded: boolean;
  readonly outbox: Outbox;
  send(message: Down): void;
  onStuck(): void;
}

export interface TopicWish {
  readonly topic: string;
  readonly position: Position | null;
}

const feedRetryMs = 2_000;

/**
 * The topics of one session, and the feed of its tenant, which is watched from the first topic on. There is one for each of
 * many thousand connections, so what its topics need of it they ask of itself, and not of an object of closures.
 */
export class SessionTopics implements Watcher, SubscriptionHost {
  readonly #host: SessionHost;
  readonly #owner: TopicsOwner;
  readonly #subscriptions = new Map<string, Subscription>();
  /** Wishes that wait for the feed; one that is taken back or made anew meanwhile is not here any more. */
  readonly #asked = new Map<string, TopicWish>();
  #opening: Promise<Watch> | undefined;
  #watch: Watch | undefined;
  #snapshots: SessionSnapshots | undefined;

  constructor(host: SessionHost, owner: TopicsOwner) {
    this.#host = host;
    this.#owner = owner;
  }

  get count(): number {
    return this.#subscriptions.size;
  }

  get outbox(): Outbox {
    return this.#owner.outbox;
  }

  get masked(): boolean {
    const { principal } = this.#owner;
    return principal === null || !seesNumbers(principal);
  }

  get metrics(): PushMetrics {
    return this.#host.metrics;
  }

  get snapshots(): SessionSnapshots {
    const { snapshots, tuning } = this.#host;
    const { snapshotsAtOnceMax: atOnceMax, topicsMax } = tuning;
    return (this.#snapshots ??= new SessionSnapshots({ snapshots, atOnceMax, topicsMax }));
  }

  send(message: Down): void {
    this.#owner.send(message);
  }

  onStuck(): void {
    this.#owner.onStuck();
  }

  onOver(subscription: Subscription): void {
    const { topic } = subscription;
    if (this.#subscriptions.get(topic) === subscription) this.#subscriptions.delete(topic);
  }

  setDelayed(delayed: boolean): void {
    this.#owner.send({ type: delayed ? 'delayed' : 'fresh' });
  }

  restart(reason: 'lost' | 'gap'): void {
    for (const subscription of this.#subscriptions.values()) subscription.restart(reason);
  }

  /** [POS3] Each topic is answered by itself. */
  async subscribe(wishes: readonly TopicWish[]): Promise<void> {
    for (const wish of wishes) this.#asked.set(wish.topic, wish);
    const feed = await this.#openFeed();
    for (const wish of wishes) {
      if (this.#asked.get(wish.topic) !== wish) continue;
      this.#asked.delete(wish.topic);
      if (feed !== null) this.#subscribeOne(feed, wish);
      else this.#refuse(wish.topic, 'unavailable', 'the feed can’t be reached just now', feedRetryMs);
    }
  }

  unsubscribe(topic: string): void {
    this.#asked.delete(topic);
    const subscription = this.#subscriptions.get(topic);
    if (subscription !== undefined) this.#drop(subscription);
    this.#owner.send({ type: 'unsubscribed', topic });
  }

  /** The socket has room. */
  goOn(): void {
    for (const subscription of this.#subscriptions.values()) {
      if (!subscription.isLive) subscription.goOn();
    }
  }

  /** [AUTH5] What a new token does not allow any more. */
  dropForbidden(principal: Principal): void {
    for (const subscription of this.#subscriptions.values()) {
      if (mayHear(principal, subscription.parsed)) continue;
      this.#drop(subscription);
      this.#refuse(subscription.topic, 'not_allowed', 'the new token does not allow this topic');
    }
  }

  /** [LIVE2] Everything up to what was settled has been written to every topic, if all of them are live. */
  commonPosition(): Partial<Position> {
    const offset = this.#watch?.feed.settled ?? null;
    if (this.#watch === undefined || offset === null) return {};
    for (const { isLive } of this.#subscriptions.values()) if (!isLive) return {};
    return { epoch: this.#watch.feed.epoch, offset };
  }

  end(): void {
    for (const subscription of this.#subscriptions.values()) subscription.end();
    this.#subscriptions.clear();
    this.#watch?.feed.unwatch(this);
    this.#watch?.release();
  }

  async #openFeed(): Promise<TenantFeed | null> {
    const { principal } = this.#owner;
    if (principal === null) return null;
    try {
      this.#opening ??= this.#host.watch(principal.tenant);
      const watch = await this.#opening;
      if (this.#owner.isEnded) {
        watch.release();
        return null;
      }
      if (this.#watch === undefined) this.#startWatching(watch);
      return watch.feed;
    } catch {
      this.#opening = undefined;
      return null;
    }
  }

  #startWatching(watch: Watch): void {
    this.#watch = watch;
    watch.feed.watch(this);
    if (watch.feed.isDelayed) this.setDelayed(true);
  }

  #subscribeOne(feed: TenantFeed, { topic: text, position }: TopicWish): void {
    const { principal } = this.#owner;
    if (principal === null) return;
    const topic = parseTopic(text);
    if (topic === null) return this.#refuse(text, 'unknown_topic', 'there is no such topic');
    if (!mayHear(principal, topic)) {
      return this.#refuse(text, 'not_allowed', 'the token does not allow this topic');
    }
    const known = this.#subscriptions.get(text);
    if (known !== undefined) this.#drop(known);
    const { topicsMax } = this.#host.tuning;
    if (this.#subscriptions.size >= topicsMax) {
      return this.#refuse(text, 'too_many_subscriptions', `a connection may have ${topicsMax} topics`);
    }
    const subscription = new Subscription(this, feed, topic);
    this.#subscriptions.set(text, subscription);
    return void subscription.start(position);
  }

  #drop(subscription: Subscription): void {
    subscription.end();
    this.#subscriptions.delete(subscription.topic);
  }

  #refuse(topic: string, kind: ProblemKind, message: string, retryAfterMs?: number): void {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.#owner.send({ type: 'error', kind, message, topic, ...wait });
  }
}
