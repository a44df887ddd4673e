import {
  compareOffsets,
  type Data,
  type DataType,
  type Delayed,
  type Down,
  type ErrorMessage,
  type Fresh,
  type Position,
  type Reset,
  type ResetReason,
  type RowsByType,
  type Snapshot,
  type Up,
  type Wish,
} from '@trunkline/realtime-protocol';
import type { Environment } from '../environment/environment.ts';
import { staleMsOf } from './stale-after.ts';
import { dropUnderWay, newEntry, statusOf, type TopicEntry, type TopicStatus } from './topic-entry.ts';

/** A topic that nobody wants any more is kept for a moment: pages change, and components are mounted twice. */
export const lingerMs = 1_000;
/** Before a topic that could not be served is asked for again. */
const againMs = 2_000;
/** So many topics go into one message that it stays below what any server takes, however long they are. */
const topicsAtOnce = 30;

/** The whole state of a topic, as rows by their type. */
export interface TopicSnapshot {
  readonly topic: string;
  readonly reason: ResetReason;
  readonly rows: { readonly [Type in DataType]?: readonly RowsByType[Type][] };
}

export interface TopicsHost {
  readonly environment: Environment;
  send(message: Up): boolean;
  onData(message: Data): void;
  onSnapshot(snapshot: TopicSnapshot): void;
  onForgotten(topic: string): void;
  onStatus(topic: string, status: TopicStatus): void;
}

export type Topics = ReturnType<typeof createTopics>;

/**
 * What this page wants to hear, how many want it, and up to where each topic was heard. The position lives here and nowhere
 * else, so that any server can go on from it.
 */
export function createTopics(host: TopicsHost) {
  const { environment } = host;
  const entries = new Map<string, TopicEntry>();
  let serving = false;
  let asking = false;
  /** The server can't tell everything in time just now: also of topics that are wanted from now on. */
  let delayed = false;
  let checkTimer: unknown;

  function subscribe(topic: string): () => void {
    const entry = entries.get(topic) ?? newEntry(topic, delayed);
    entries.set(topic, entry);
    entry.holders += 1;
    if (entry.holders === 1) askSoon();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      entry.holders -= 1;
      if (entry.holders === 0) environment.setTimer(() => letGo(entry), lingerMs);
    };
  }

  /** The whole state once more, for somebody who came late to a topic; the others miss nothing meanwhile. */
  function refresh(topic: string): void {
    const entry = entries.get(topic);
    if (entry?.position) askAnew(entry, true);
  }

  function askAnew(entry: TopicEntry, wanting = entry.wanting): void {
    entry.wanting = wanting;
    const { topic, stage } = entry;
    if (wanting && stage === 'live') host.send({ type: 'subscribe', topics: [{ topic }] });
  }

  function letGo(entry: TopicEntry): void {
    if (entry.holders > 0 || entries.get(entry.topic) !== entry) return;
    entries.delete(entry.topic);
    if (serving && entry.stage !== 'idle') host.send({ type: 'unsubscribe', topics: [entry.topic] });
    host.onForgotten(entry.topic);
  }

  /** Everything that is wanted at the same moment goes in one message. */
  function askSoon(): void {
    if (asking) return;
    asking = true;
    environment.setTimer(() => {
      asking = false;
      if (serving) ask();
    }, 0);
  }

  function ask(): void {
    const idle = [...entries.values()].filter(({ stage, holders }) => stage === 'idle' && holders > 0);
    const known: (Position & { topic: string })[] = [];
    const fresh: Wish[] = [];
    for (const entry of idle) {
      const { topic, position } = entry;
      dropUnderWay(entry, position === null ? 'asked' : 'following');
      if (position === null) fresh.push({ topic });
      else known.push({ topic, ...position });
    }
    while (known.length > 0) host.send({ type: 'resume', topics: known.splice(0, topicsAtOnce) });
    while (fresh.length > 0) host.send({ type: 'subscribe', topics: fresh.splice(0, topicsAtOnce) });
  }

  function onServe(): void {
    serving = true;
    delayed = false;
    for (const entry of entries.values()) {
      dropUnderWay(entry, 'idle');
      // That was about the server of before; this one says so if it can't hear either.
      entry.delayed = false;
    }
    ask();
    check();
  }

  function onLost(): void {
    serving = false;
    for (const entry of entries.values()) dropUnderWay(entry, 'idle');
    check();
  }

  function hear(message: Down): void {
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all else is data, or not for topics
    switch (message.type) {
      case 'ping':
        return heartbeat(message);
      case 'replayed':
        return goLive(message.topic, message);
      case 'reset':
        return reset(message);
      case 'snapshot':
        return snapshot(message);
      case 'delayed':
      case 'fresh':
        return freshness(message);
      case 'error':
        return problem(message);
      default:
        if ('rows' in message && 'offset' in message) data(message);
    }
  }

  function freshness({ type, topics }: Delayed | Fresh): void {
    const isDelayed = type === 'delayed';
    if (!topics) delayed = isDelayed;
    for (const entry of named(topics)) {
      entry.delayed = isDelayed;
      if (!isDelayed) current(entry);
    }
    check();
  }

  function heartbeat({ epoch, offset }: { readonly epoch?: string; readonly offset?: string }): void {
    if (offset === undefined) return;
    for (const entry of entries.values()) {
      if (
        entry.stage !== 'live' ||
        entry.position?.epoch !== epoch ||
        entry.held.length > 0 ||
        entry.reset !== null
      ) {
        continue;
      }
      if (!entry.delayed) current(entry);
      advance(entry, offset);
    }
  }

  function data(message: Data): void {
    const entry = entries.get(message.topic);
    if (entry === undefined || entry.stage === 'idle' || entry.stage === 'asked') return;
    if (entry.reset !== null) return void entry.later.push(message);
    // A repetition: another tab asked for it, or the server could not know how far we are.
    if (entry.position === null || compareOffsets(message.offset, entry.position.offset) <= 0) return;
    entry.held.push(message);
    if (message.more === true) return;
    const whole = entry.held;
    entry.held = [];
    advance(entry, message.offset);
    if (entry.stage === 'live' && !entry.delayed) current(entry);
    for (const piece of whole) host.onData(piece);
  }

  function reset({ topic, epoch, offset, reason, resumable }: Reset): void {
    const entry = entries.get(topic);
    if (entry === undefined || entry.stage === 'idle') return;
    const at = { epoch, offset };
    // Another tab on the same socket has asked: what we know is good until the snapshot replaces it.
    dropUnderWay(entry, reason === 'new' && entry.stage === 'live' ? 'live' : 'following');
    if (resumable) {
      // The subscription has ended here, and nothing is lost: go on from here in a moment.
      entry.position = at;
      again(entry, 250);
      return check();
    }
    entry.reset = { at, parts: [], reason };
    entry.problem = null;
  }

  function snapshot(message: Snapshot): void {
    const entry = entries.get(message.topic);
    if (entry === undefined || entry.reset === null) return;
    entry.reset.parts.push(message);
    if (!message.last) return;
    const { at, parts, reason } = entry.reset;
    entry.reset = null;
    entry.wanting = false;
    const rows: Record<string, object[]> = {};
    for (const part of parts) {
      for (const [type, some] of Object.entries(part.rows)) (rows[type] ??= []).push(...some);
    }
    host.onSnapshot({ topic: entry.topic, reason, rows });
    goLive(entry.topic, at);
    for (const missed of entry.later.splice(0)) data(missed);
  }

  function goLive(topic: string, { epoch, offset }: Position): void {
    const entry = entries.get(topic);
    if (entry === undefined || entry.stage === 'idle') return;
    entry.position = { epoch, offset };
    entry.stage = 'live';
    entry.problem = null;
    current(entry);
    askAnew(entry);
    check();
  }

  function problem({ kind, topic, retryAfterMs }: ErrorMessage): void {
    const entry = topic === undefined ? undefined : entries.get(topic);
    if (entry === undefined) return;
    entry.problem = kind;
    dropUnderWay(entry, 'refused');
    if (kind === 'unavailable') {
      dropUnderWay(entry, 'following');
      again(entry, retryAfterMs ?? againMs);
    }
    check();
  }

  function again(entry: TopicEntry, afterMs: number): void {
    const ask = () => {
      if (entries.get(entry.topic) !== entry || entry.stage !== 'following') return;
      entry.stage = 'idle';
      askSoon();
    };
    environment.setTimer(ask, Math.min(afterMs, 60_000) * (1 + environment.random()));
  }

  /** What is shown of these topics has just been asked for elsewhere. */
  function polled(topics: readonly string[], forMs: number): void {
    for (const entry of named(topics)) {
      current(entry);
      entry.polledUntil = environment.now() + forMs;
    }
    check();
  }

  function current(entry: TopicEntry): void {
    entry.heardAt = environment.now();
    entry.heardWall = environment.wallNow();
  }

  function named(topics: readonly string[] | undefined): TopicEntry[] {
    return [...entries.values()].filter(({ topic }) => topics?.includes(topic) ?? true);
  }

  /** Tells of every topic whose status has changed, and looks again when the next one may go stale. */
  function check(): void {
    environment.clearTimer(checkTimer);
    const now = environment.now();
    let next = Infinity;
    for (const entry of entries.values()) {
      const staleMs = staleMsOf(entry.topic);
      const status = statusOf(entry, now, staleMs);
      if (status !== entry.status) {
        entry.status = status;
        host.onStatus(entry.topic, status);
      }
      if (entry.stage === 'live') next = Math.min(next, entry.heardAt + staleMs + 1 - now);
      if (entry.polledUntil > now) next = Math.min(next, entry.polledUntil - now);
    }
    // What is stale already stays so until something is heard.
    if (next > 0 && next < Infinity) checkTimer = environment.setTimer(check, next);
  }

  return {
    subscribe,
    refresh,
    hear,
    polled,
    onServe,
    onLost,
    statusOf: (topic: string): TopicStatus => entries.get(topic)?.status ?? untold,
    positionOf: (topic: string): Position | null => entries.get(topic)?.position ?? null,
    topics: (): string[] => [...entries.keys()],
  };
}

const untold: TopicStatus = { state: 'waiting', asOf: null, problem: null };

function advance(entry: TopicEntry, offset: string): void {
  const { position } = entry;
  if (position !== null && compareOffsets(offset, position.offset) > 0)
    entry.position = { ...position, offset };
}
