import {
  formatTopic,
  topicKinds,
  type Down,
  type Position,
  type ResetReason,
  type Topic,
} from '@trunkline/realtime-protocol';
import type { Listener } from '../feed/audience.ts';
import type { Delivery } from '../feed/delivery.ts';
import type { Entry } from '../feed/entry.ts';
import { outOfReach } from '../feed/ring.ts';
import type { TenantFeed } from '../feed/tenant-feed.ts';
import { conflate } from '../frames/conflate.ts';
import { dataMessages } from '../frames/data-messages.ts';
import type { PushMetrics } from '../push-metrics.ts';
import type { Author, Outbox, Place, Told } from './outbox.ts';
import type { SessionSnapshots } from './session-snapshots.ts';

/** The connection, as one of its topics sees it. */
export interface SubscriptionHost {
  readonly outbox: Outbox;
  readonly masked: boolean;
  readonly snapshots: SessionSnapshots;
  readonly metrics: PushMetrics;
  send(message: Down): void;
  /** Gives up the connection: its socket takes nothing. */
  onStuck(): void;
  /** The topic has ended by itself. */
  onOver(subscription: Subscription): void;
}

type State =
  /** Finding out whether to replay or to start anew. */
  | { readonly name: 'opening' }
  | { readonly name: 'sending a snapshot'; readonly parts: readonly Buffer[]; next: number }
  /** Reading from the ring what was missed. */
  | { readonly name: 'catching up'; readonly how: CatchUp; told: number }
  | { readonly name: 'live' }
  | { readonly name: 'over' };

/** After a replay the client is told so; a snapshot went before; a slow one gets of each thing the newest row only. */
type CatchUp = 'replay' | 'after snapshot' | 'slow';

/** Entries that are taken from the ring at once. */
const entriesAtOnce = 64;
/** Rows of a conflated message. */
const rowsAtOnce = 250;
const unavailableRetryMs = 2_000;

/**
 * One topic of one connection: where it stands in the feed, and how it gets from there to the present. It is live when it has
 * everything that the ring holds; from then on deliveries are written as they come. Until then, and whenever its socket has no
 * room, it lets them pass and reads the ring later, from its own place. So what waits for a slow socket is one number.
 */
export class Subscription implements Listener, Author {
  readonly topic: string;
  readonly parsed: Topic;
  readonly #host: SubscriptionHost;
  readonly #feed: TenantFeed;
  #state: State = { name: 'opening' };
  #place: Place = { sequence: 0, offset: '0-0' };
  /** Whatever awaits looks at this afterwards: a restart or an end may have come meanwhile. */
  #attempt = 0;

  constructor(host: SubscriptionHost, feed: TenantFeed, topic: Topic) {
    this.#host = host;
    this.#feed = feed;
    this.parsed = topic;
    this.topic = formatTopic(topic);
  }

  get isLive(): boolean {
    return this.#state.name === 'live';
  }

  async start(position: Position | null): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    if (position === null) return await this.#reset('new');
    try {
      const verdict = await this.#findPlace(position);
      if (attempt !== this.#attempt) return undefined;
      if (verdict !== 'found') return await this.#reset(verdict);
    } catch {
      if (attempt === this.#attempt) this.#unavailable();
      return undefined;
    }
    this.#state = { name: 'catching up', how: 'replay', told: 0 };
    this.goOn();
    return undefined;
  }

  restart(reason: ResetReason): void {
    if (this.#state.name === 'over') return;
    this.#feed.audience.remove(this);
    this.#state = { name: 'opening' };
    void this.#reset(reason);
  }

  end(): void {
    this.#attempt += 1;
    this.#state = { name: 'over' };
    this.#feed.audience.remove(this);
  }

  take(delivery: Delivery): void {
    if (this.#state.name !== 'live') return;
    const rest = delivery.behind(this.#place.sequence);
    if (rest === null) return;
    const { bytes } = rest.messages(this.#host.masked);
    const told = { author: this, before: this.#place };
    this.#place = rest.place;
    this.#write(bytes, told);
  }

  setAside(place: Place): void {
    if (this.#state.name === 'over') return;
    this.#host.metrics.lagging.inc({ holds: topicKinds[this.parsed.kind].holds });
    this.#place = place;
    this.#state = { name: 'catching up', how: 'slow', told: 0 };
  }

  /** Writes what there is to write while the socket has room. Called again when it has. */
  goOn(): void {
    const { outbox } = this.#host;
    while (outbox.isFree) {
      const state = this.#state;
      if (state.name === 'sending a snapshot') this.#sendPart(state);
      else if (state.name === 'catching up') this.#catchUp(state);
      else return;
    }
  }

  #sendPart(state: Extract<State, { name: 'sending a snapshot' }>): void {
    const part = state.parts[state.next];
    state.next += 1;
    if (part !== undefined) this.#write(part);
    if (state.next < state.parts.length) return;
    this.#state = { name: 'catching up', how: 'after snapshot', told: 0 };
  }

  #catchUp(state: Extract<State, { name: 'catching up' }>): void {
    const { ring } = this.#feed;
    const isConflated = state.how === 'slow' && topicKinds[this.parsed.kind].holds === 'state';
    const count = isConflated ? Number.MAX_SAFE_INTEGER : entriesAtOnce;
    const entries = ring.since(this.topic, this.#place.sequence, count);
    if (entries === outOfReach) this.#fellBehind();
    else if (entries.length === 0) this.#goLive(state);
    else if (isConflated) this.#tellConflated(entries);
    else this.#tellEach(entries, state);
  }

  #tellEach(entries: readonly Entry[], state: Extract<State, { name: 'catching up' }>): void {
    const { masked, outbox } = this.#host;
    for (const entry of entries) {
      const { bytes, count } = entry.messagesFor(this.topic, masked);
      this.#place = entry;
      state.told += count;
      this.#write(bytes);
      if (!outbox.isFree || this.#state !== state) return;
    }
  }

  #tellConflated(entries: readonly Entry[]): void {
    const { masked, metrics } = this.#host;
    const all = entries.flatMap((entry) => entry.rowsFor(this.topic));
    const rows = conflate(all);
    metrics.conflated.inc(all.length - rows.length);
    const last = entries.at(-1) ?? this.#place;
    this.#place = last;
    for (let first = 0; first < rows.length; first += rowsAtOnce) {
      const some = rows.slice(first, first + rowsAtOnce);
      const more = first + rowsAtOnce < rows.length;
      const messages = { topic: this.topic, offset: last.offset, rows: some, masked, more };
      this.#write(dataMessages(messages).bytes);
    }
  }

  #goLive(state: Extract<State, { name: 'catching up' }>): void {
    const { metrics } = this.#host;
    const { ring, audience } = this.#feed;
    this.#place = { sequence: ring.lastSequence, offset: ring.last };
    this.#state = { name: 'live' };
    audience.add(this);
    if (state.how !== 'replay') return;
    metrics.subscribed.inc({ answer: 'replayed' });
    const { topic } = this;
    this.#host.send({
      type: 'replayed',
      topic,
      epoch: ring.epoch,
      offset: this.#place.offset,
      count: state.told,
    });
  }

  /** [POS6] Of a state the newest will do; events that nobody has told yet may still be read from another place. */
  #fellBehind(): void {
    if (topicKinds[this.parsed.kind].holds === 'state') {
      this.restart('slow');
      return;
    }
    const { epoch } = this.#feed;
    const { topic } = this;
    const { offset } = this.#place;
    this.#host.metrics.subscribed.inc({ answer: 'slow' });
    this.#host.send({ type: 'reset', topic, epoch, offset, reason: 'slow', resumable: true });
    this.end();
    this.#host.onOver(this);
  }

  async #findPlace({ epoch, offset }: Position): Promise<'found' | 'lost' | 'gap'> {
    const feed = this.#feed;
    if (!(await feed.reachUpTo(offset)) || epoch !== feed.epoch) return 'lost';
    if (feed.ring.sequenceAt(offset) === outOfReach && !(await feed.reachBack(offset))) {
      return epoch === feed.epoch ? 'gap' : 'lost';
    }
    const sequence = feed.ring.sequenceAt(offset);
    if (sequence === outOfReach) return 'gap';
    this.#place = { sequence, offset };
    return 'found';
  }

  async #reset(reason: ResetReason): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    const { snapshots, metrics, masked } = this.#host;
    const feed = this.#feed;
    try {
      const snapshot = await snapshots.take(feed, this.parsed, () => attempt === this.#attempt);
      if (snapshot === null || attempt !== this.#attempt || snapshot.ring !== feed.ring) return;
      const { topic } = this;
      const { offset, sequence } = snapshot;
      metrics.subscribed.inc({ answer: reason });
      this.#host.send({ type: 'reset', topic, epoch: feed.epoch, offset, reason, resumable: false });
      this.#place = { sequence, offset };
      this.#state = { name: 'sending a snapshot', parts: snapshot.parts(masked), next: 0 };
      this.goOn();
    } catch {
      if (attempt === this.#attempt) this.#unavailable();
    }
  }

  #unavailable(): void {
    this.#host.metrics.subscribed.inc({ answer: 'unavailable' });
    this.#host.send({
      type: 'error',
      kind: 'unavailable',
      message: 'the state of this topic can’t be read just now',
      topic: this.topic,
      retryAfterMs: unavailableRetryMs,
    });
    this.end();
    this.#host.onOver(this);
  }

  #write(bytes: Buffer, told: Told | null = null): void {
    if (!this.#host.outbox.push(bytes, told)) this.#host.onStuck();
  }
}
