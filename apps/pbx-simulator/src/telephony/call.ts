import type { CallKind } from '../contract/call-plan.ts';
import type { CallDirection, EndCause, LedgerParty } from '../contract/ledger.ts';
import type { Leg } from './leg.ts';

/** One stretch of a call, from a caller to whoever was rung: a transfer begins another. The vendors write one record each. */
export interface Stage {
  readonly from: string;
  to: string;
  readonly startedAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  readonly callerLeg: Leg | null;
  calleeLeg: Leg | null;
}

export interface Call {
  readonly key: string;
  readonly kind: CallKind;
  readonly direction: CallDirection;
  readonly caller: LedgerParty;
  readonly dialled: string;
  /** The same as the PBX knows it: the number inside that the dialled one leads to. */
  readonly reached: string;
  readonly did: string | null;
  readonly trunk: string | null;
  /** Who is to be rung. */
  readonly targets: readonly string[];
  readonly startedAt: number;
  readonly mergedKeys: string[];
  /** Live ones, in the order in which they came. */
  readonly legs: Leg[];
  readonly past: Leg[];
  readonly stages: Stage[];
  /** Somebody's phone has rung. */
  rang: boolean;
  answeredBy: string | null;
  answeredAt: number | null;
  endedAt: number | null;
  cause: EndCause | null;
  recording: string | null;
  lostHangup: boolean;
}
