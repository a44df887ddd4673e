import type { Party, Route } from '@trunkline/domain';
import type { CallView } from './call-view.ts';
import type { Leg } from './leg.ts';

/** How one leg ended. */
export interface LegEnd {
  readonly cause: number;
  readonly techCause: number;
}

/**
 * What legs add up to. Much of it outlives the legs that told it: who called whom must still be known when the caller
 * has transferred the call and left.
 */
export interface Call {
  key: string;
  /** The order of its oldest leg; below zero where it was under way before we listened. */
  order: number;
  readonly legs: Leg[];
  /** All linkedids that lead here, the key among them. */
  readonly linkedids: string[];
  /** Who called, or for whom the PBX called. */
  callerLeg: Leg | null;
  /** A party took part at some time, not only glue. */
  hadParty: boolean;
  /** The PBX dialled by itself, or a leg did anything but exist: there is something to tell. */
  underWay: boolean;
  /** It was under way before the link was up, so that we saw it in halves. */
  foreign: boolean;
  /** The PBX's own list leaves it out, so it is over; only how it ended is still told, should that come late. */
  unlisted: boolean;
  startedAt: number | undefined;
  answeredAt: number | undefined;
  /** True for calls that were answered before we came, at a time that nobody told. */
  answered: boolean;
  rang: boolean;
  caller: Party | undefined;
  callee: Party | undefined;
  dialled: string;
  /** Where `dialled` is what came in over the trunk, and not what the dial plan made of it. */
  dialledIsOriginal: boolean;
  route: Route | undefined;
  readonly rangExtensions: Set<string>;
  readonly talkedExtensions: Set<string>;
  callerEnd: LegEnd | null;
  lastEnd: LegEnd | null;
  /** The last cause of a called leg that means something. */
  calledCause: number;
  lastDialStatus: string;
  /** What was last told; null where nothing was. */
  said: CallView | null;
}

export const createCall = (key: string, order: number, foreign: boolean): Call => ({
  key,
  order,
  legs: [],
  linkedids: [key],
  callerLeg: null,
  hadParty: false,
  underWay: false,
  foreign,
  unlisted: false,
  startedAt: undefined,
  answeredAt: undefined,
  answered: false,
  rang: false,
  caller: undefined,
  callee: undefined,
  dialled: '',
  dialledIsOriginal: false,
  route: undefined,
  rangExtensions: new Set(),
  talkedExtensions: new Set(),
  callerEnd: null,
  lastEnd: null,
  calledCause: 0,
  lastDialStatus: '',
  said: null,
});

const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

/** Two calls turned out to be one. The older keeps its key and who called; legs are moved by the caller. */
export function absorb(survivor: Call, other: Call): void {
  survivor.callerLeg ??= other.callerLeg;
  survivor.hadParty ||= other.hadParty;
  survivor.underWay ||= other.underWay;
  survivor.foreign ||= other.foreign;
  survivor.unlisted &&= other.unlisted || other.said === null;
  survivor.startedAt = earlier(survivor.startedAt, other.startedAt);
  survivor.answeredAt = earlier(survivor.answeredAt, other.answeredAt);
  survivor.answered ||= other.answered;
  survivor.rang ||= other.rang;
  survivor.caller ??= other.caller;
  survivor.callee ??= other.callee;
  if (survivor.dialled === '') {
    survivor.dialled = other.dialled;
    survivor.dialledIsOriginal = other.dialledIsOriginal;
  }
  survivor.route ??= other.route;
  for (const number of other.rangExtensions) survivor.rangExtensions.add(number);
  for (const number of other.talkedExtensions) survivor.talkedExtensions.add(number);
  survivor.callerEnd ??= other.callerEnd;
  survivor.calledCause ||= other.calledCause;
  survivor.lastDialStatus ||= other.lastDialStatus;
}
