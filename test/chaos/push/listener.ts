import { createClient, type RealtimeClient, type SocketConstructor } from '@trunkline/realtime-client';
import { storeOf, type LiveStore } from '@trunkline/realtime-client/store';
import { callOf, type Told } from './publisher.ts';
import type { ServedClock } from './served-clock.ts';

export interface ListenerOptions {
  readonly tenant: string;
  readonly topics: readonly string[];
  readonly token: () => Promise<string>;
  /** Where nodes serve just now; one of them is taken, as a balancer does. */
  readonly ports: () => readonly number[];
  readonly measures: Measures;
  readonly clock: ServedClock;
}

/** What all clients see of time. */
export interface Measures {
  /** From handing a row over until a client was told. */
  readonly lateMs: number[];
  /** From a lost connection until every topic was live again, while anybody served. */
  readonly backMs: number[];
  /** Of each lost connection behind which something was missed: how long the row waited that waited longest from then on. */
  readonly gapMs: number[];
  /** From each lost connection until every topic was live again, by the clock on the wall. */
  readonly awayMs: number[];
  /** When a message reached the last client so far, counted from when it was handed over. */
  readonly lastMs: Map<string, number>;
}

const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };
const phonePrefix = 'calls:';
/** A port where nobody is: there is nobody at all just now. */
const nobody = 9;

/** A screen: the client as it is, and everything that it was told. */
export class Listener implements Disposable {
  readonly tenant: string;
  readonly topics: readonly string[];
  /** The sequences of events, by topic, as they came. */
  readonly journal = new Map<string, number[]>();
  /** What should not be, in words. */
  readonly surprises: string[] = [];
  readonly client: RealtimeClient;
  readonly store: LiveStore;
  readonly #measures: Measures;
  readonly #clock: ServedClock;
  readonly #reset = new Set<string>();
  readonly #shown = new Map<string, number>();
  #lostAt: number | null = null;
  #lostAtOnTheWall = 0;
  #missedForMs = 0;

  constructor({ tenant, topics, token, ports, measures, clock }: ListenerOptions) {
    this.tenant = tenant;
    this.topics = topics;
    this.#measures = measures;
    this.#clock = clock;
    const WebSocket = function open(_url: string, protocols: string[]) {
      const all = ports();
      const port = all[Math.floor(Math.random() * all.length)] ?? nobody;
      return new globalThis.WebSocket(`ws://127.0.0.1:${port}/ws`, protocols);
    } as unknown as SocketConstructor;
    this.client = createClient({
      url: 'ws://balancer/ws',
      getToken: token,
      topics,
      autoConnect: false,
      environment: { WebSocket, log: silent },
    });
    this.store = storeOf(this.client);
    this.client.on('message', ({ topic, rows }) => this.#hear(topic, rows as unknown as Told[]));
    this.client.on('topic:snapshot', ({ topic, reason }) => this.#onReset(topic, reason));
    this.client.on('lost', () => this.#onLost());
    this.client.on('topic:status', () => this.#onStatus());
    this.store.subscribe('call', () => this.#onCalls());
  }

  get isLive(): boolean {
    return this.topics.every((topic) => this.client.topicStatus(topic).state === 'live');
  }

  #hear(topic: string, rows: readonly Told[]): void {
    const now = performance.now();
    const { lateMs, lastMs } = this.#measures;
    const list = this.journal.get(topic) ?? [];
    this.journal.set(topic, list);
    for (const { sequence, message, sentAt, servedAt, call } of rows) {
      list.push(sequence);
      if (call !== undefined && callOf(topic.slice(phonePrefix.length)) !== call) {
        this.surprises.push(`${topic} was told of the ${call}`);
      }
      if (this.#lostAt !== null) this.#noteMissed(Math.max(this.#lostAt, servedAt));
      lateMs.push(now - sentAt);
      lastMs.set(message, Math.max(lastMs.get(message) ?? 0, now - sentAt));
    }
  }

  /** It could have been told from then on, had the connection held. */
  #noteMissed(since: number): void {
    this.#missedForMs = Math.max(this.#missedForMs, this.#clock.now - since);
  }

  /** The feed is long enough for every loss of this storm, so a topic starts anew once: when it is first asked for. */
  #onReset(topic: string, reason: string): void {
    if (this.#reset.has(topic)) this.surprises.push(`${topic} started anew: ${reason}`);
    this.#reset.add(topic);
  }

  #onLost(): void {
    if (this.#lostAt !== null) return;
    this.#lostAt = this.#clock.now;
    this.#lostAtOnTheWall = performance.now();
  }

  #onStatus(): void {
    if (this.#lostAt === null || !this.isLive) return;
    this.#measures.backMs.push(this.#clock.now - this.#lostAt);
    this.#measures.awayMs.push(performance.now() - this.#lostAtOnTheWall);
    if (this.#missedForMs > 0) this.#measures.gapMs.push(this.#missedForMs);
    this.#lostAt = null;
    this.#missedForMs = 0;
  }

  #onCalls(): void {
    for (const { call, revision } of this.store.list('call')) {
      const before = this.#shown.get(call) ?? 0;
      if (revision < before) this.surprises.push(`${call} went back from ${before} to ${revision}`);
      this.#shown.set(call, revision);
    }
  }

  [Symbol.dispose](): void {
    this.client.disconnect();
  }
}
