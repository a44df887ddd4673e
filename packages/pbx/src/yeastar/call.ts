import type { Direction, Party, SaidCause } from '@trunkline/domain';
import type { Said } from '../port/words.ts';
import type { Member, MemberSide, MemberStatus } from './frames.ts';

/** One party's channel on a call. */
export interface Leg {
  readonly channel: string;
  readonly side: MemberSide;
  /** The extension's number; empty for outside parties. */
  readonly number: string;
  /** The outside party: who calls in, or who is called. */
  readonly party: string;
  /** Told by the first word that only one side uses. Kept for good: a transfer turns words round, not roles. */
  role: 'caller' | 'called' | null;
  status: MemberStatus | null;
  /** When it was last heard of, as a place in the order of all frames. */
  heardAt: number;
}

/** What is known of how a call ended. The first to say so ends it; what comes later only fills in. */
export interface CallEnd {
  readonly at: number;
  cause: SaidCause;
  /** A record or failure report said so. Where only the members' BYE did, a new live member shows that it went on. */
  certain: boolean;
  talkSeconds: number | null;
  readonly recordings: string[];
}

/** What the legs of one call add up to. */
export interface Call {
  readonly key: string;
  /** Few, so they are searched one by one. */
  readonly legs: Leg[];
  /**
   * First heard of in the middle, so that other legs may exist: that all known ones hang up does not end it, and
   * nothing is said of it while the first list of calls is awaited.
   */
  partial: boolean;
  startedAt: number | undefined;
  answered: boolean;
  answeredAt: number | undefined;
  ringing: boolean;
  caller: Party | undefined;
  dialled: Party | undefined;
  answeredBy: Party | undefined;
  direction: Direction | undefined;
  trunk: string;
  did: string;
  /** Why dialling failed, where the PBX told. */
  failure: SaidCause | null;
  /** The caller was seen to go while phones still rang. */
  gaveUp: boolean;
  /** Somebody who was called was seen to go before the caller did. */
  calledWentFirst: boolean;
  readonly talked: string[];
  readonly rang: string[];
  end: CallEnd | null;
  /** The PBX's own list leaves it out, so it is over; its end is told when that comes, by a slower way than the list. */
  unlisted: boolean;
  /** The extension for which we asked the PBX to dial: its own answer is no conversation yet. */
  readonly dialledFor: string | null;
  changedAt: number;
  heardAt: number;
  /** The last word told, to tell only what is new. */
  lastWord: Said | null;
}

export interface CallBeginning {
  readonly key: string;
  readonly at: number;
  readonly tick: number;
  readonly partial: boolean;
  readonly startedAt: number | undefined;
  readonly dialledFor: string | null;
}

export const beginCall = ({ key, at, tick, partial, startedAt, dialledFor }: CallBeginning): Call => ({
  key,
  legs: [],
  partial,
  startedAt,
  answered: false,
  answeredAt: undefined,
  ringing: false,
  caller: undefined,
  dialled: undefined,
  answeredBy: undefined,
  direction: undefined,
  trunk: '',
  did: '',
  failure: null,
  gaveUp: false,
  calledWentFirst: false,
  talked: [],
  rang: [],
  end: null,
  unlisted: false,
  dialledFor,
  changedAt: at,
  heardAt: tick,
  lastWord: null,
});

export const isLive = (leg: Leg): boolean => leg.status !== 'BYE';

export const isOver = (call: Call): boolean => call.legs.every((leg) => leg.status === 'BYE');

export function findLeg(call: Call, channel: string): Leg | undefined {
  for (const leg of call.legs) if (leg.channel === channel) return leg;
  return undefined;
}

/** All known members had hung up and nothing more certain was told, but there is a live one that was not known. */
export function goesOn(ended: Call, members: readonly Member[]): boolean {
  if (ended.end?.certain !== false) return false;
  return members.some(
    ({ channel, status }) => status !== null && status !== 'BYE' && findLeg(ended, channel) === undefined,
  );
}
