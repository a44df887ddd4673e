import type { Data, Position, ProblemKind, ResetReason, Snapshot } from '@trunkline/realtime-protocol';

/** What somebody who looks at a topic should know of it. */
export interface TopicStatus {
  /**
   * - `waiting`: nothing was told yet;
   * - `live`: what is shown is how things stand;
   * - `delayed`: the server can't hear everything just now;
   * - `stale`: nothing was heard for longer than the topic may be silent, or the connection is lost;
   * - `refused`: the server won't tell.
   */
  readonly state: 'waiting' | 'live' | 'delayed' | 'stale' | 'refused';
  /** Wall-clock time of the moment that is shown; null while that is now, or never was. */
  readonly asOf: number | null;
  readonly problem: ProblemKind | null;
}

export interface TopicEntry {
  readonly topic: string;
  /** How many want it. */
  holders: number;
  /** `asked`: without a position, so that nothing counts before the answer; `following`: with one. */
  stage: 'idle' | 'asked' | 'following' | 'live' | 'refused';
  position: Position | null;
  /** A snapshot that is under way, and what came behind it meanwhile. */
  reset: { readonly at: Position; readonly parts: Snapshot[]; readonly reason: ResetReason } | null;
  later: Data[];
  /** The first pieces of an entry of the feed of which more follows: all of it counts, or nothing. */
  held: Data[];
  /** Monotonic and wall-clock time at which it was last known to be current. */
  heardAt: number;
  heardWall: number;
  delayed: boolean;
  /** Until then what is shown was asked for elsewhere, a moment ago. */
  polledUntil: number;
  problem: ProblemKind | null;
  /** Somebody who came late wants the whole state too, as soon as the topic is live. */
  wanting?: boolean | undefined;
  status: TopicStatus;
}

export const newEntry = (topic: string, delayed: boolean): TopicEntry => ({
  topic,
  holders: 0,
  stage: 'idle',
  position: null,
  reset: null,
  later: [],
  held: [],
  heardAt: 0,
  heardWall: 0,
  delayed,
  polledUntil: 0,
  problem: null,
  status: { state: 'waiting', asOf: null, problem: null },
});

/** What was under way on a socket that is gone. The position stays: everything up to it has been heard. */
export function dropUnderWay(entry: TopicEntry, stage: TopicEntry['stage']): void {
  entry.stage = stage;
  entry.reset = null;
  entry.later = [];
  entry.held = [];
}

/** The present status; the same object as before if it says the same. */
export function statusOf(entry: TopicEntry, now: number, staleMs: number): TopicStatus {
  const state = stateOf(entry, now, staleMs);
  const asOf = state === 'delayed' || state === 'stale' ? entry.heardWall : null;
  const { status, problem } = entry;
  const same = status.state === state && status.asOf === asOf && status.problem === problem;
  return same ? status : { state, asOf, problem };
}

function stateOf(entry: TopicEntry, now: number, staleMs: number): TopicStatus['state'] {
  const { stage, position, delayed, heardAt } = entry;
  if (stage === 'refused') return 'refused';
  if (stage !== 'live' && now < entry.polledUntil) return 'delayed';
  if (position === null) return 'waiting';
  if (stage !== 'live' || now - heardAt > staleMs) return 'stale';
  return delayed ? 'delayed' : 'live';
}
