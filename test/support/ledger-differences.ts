import { ownCauses } from '@trunkline/domain';
import type { Ledger, LedgerCall, LedgerPhone } from '@trunkline/pbx-simulator';

/** A call as somebody holds it who only heard of it: a table, or words merged in memory. */
export interface HeardCall {
  readonly key: string;
  readonly status: string;
  readonly cause: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly answeredApproximately: boolean;
  readonly caller: string | null;
  readonly callee: string | null;
  readonly direction: string | null;
  readonly extensions: readonly string[];
}

export interface Heard {
  readonly calls: readonly HeardCall[];
  readonly phones: readonly { readonly number: string; readonly status: string }[];
}

export interface Tolerance {
  /** Times during which nobody listened: what only happened then can't be known, and what ended then has our cause. */
  readonly gaps?: readonly (readonly [from: number, to: number])[];
  /** How far a time that was heard may be from the truth. */
  readonly clockMs?: number;
  /** Frames were lost or came in another order, so details of calls that are over may be missing. */
  readonly details?: 'exact' | 'loose';
}

const CLOCK_MS = 2_000;

/** Why we may say that a call is over when the PBX did not tell. */
const ours: ReadonlySet<string> = new Set(ownCauses);

/** What is heard and isn't true, and what is true and wasn't heard: a sentence each, none when both agree. */
export function ledgerDifferences(ledger: Ledger, heard: Heard, tolerance: Tolerance = {}): string[] {
  const truth = new Map(ledger.calls.map((call) => [call.key, call]));
  const known = new Map(heard.calls.map((call) => [call.key, call]));
  return [
    ...heard.calls
      .filter((call) => !truth.has(call.key) && !mayBeMisheard(call, tolerance))
      .map(({ key, status }) => `call ${key} (${status}) is not in the ledger`),
    ...ledger.calls.flatMap((call) => callDifferences(call, known.get(call.key), tolerance)),
    ...phoneDifferences(ledger.phones, heard.phones),
  ];
}

function callDifferences(truth: LedgerCall, heard: HeardCall | undefined, tolerance: Tolerance): string[] {
  if (heard === undefined) return mayBeUnheard(truth, tolerance) ? [] : [`${nameOf(truth)} was not heard of`];
  const touched = touchesGap(truth, tolerance);
  const loose = truth.status === 'ended' && (tolerance.details === 'loose' || touched);
  const pairs: Pair[] = [['status', truth.status, heard.status]];
  if (!loose) {
    pairs.push(
      ['extensions', truth.extensions.join(), [...heard.extensions].sort().join()],
      ['being answered', truth.answeredAt !== null, heard.answeredAt !== null],
    );
    // Who was dialled first is history that no list of running calls tells, and some lists don't tell who called either.
    if (!touched) pairs.push(['callee', truth.dialled, heard.callee]);
    if (!touched || heard.caller !== null) pairs.push(['caller', truth.caller.number, heard.caller]);
    if (heard.direction !== null || (isDirectionKnown(truth) && !touched)) {
      pairs.push(['direction', truth.direction, heard.direction]);
    }
  }
  return [
    ...pairs
      .filter(([, is, said]) => is !== said)
      .map(([what, is, said]) => `${nameOf(truth)}: ${what} is ${is}, heard was ${said}`),
    ...(loose ? [] : timeDifference(truth, heard, tolerance)),
    ...causeDifference(truth, heard, loose),
  ];
}

type Fact = string | boolean | null;
type Pair = readonly [what: string, is: Fact, said: Fact];

/** A phone that dials may call the next desk or the world; only where it rings tells. */
const isDirectionKnown = ({ status, answeredAt }: LedgerCall): boolean =>
  answeredAt !== null || status === 'ringing';

function timeDifference(truth: LedgerCall, heard: HeardCall, { clockMs = CLOCK_MS }: Tolerance): string[] {
  if (truth.answeredAt === null || heard.answeredAt === null || heard.answeredApproximately) return [];
  const off = heard.answeredAt - truth.answeredAt;
  return Math.abs(off) <= clockMs ? [] : [`${nameOf(truth)}: the answer was heard ${off} ms late`];
}

function causeDifference(truth: LedgerCall, heard: HeardCall, loose: boolean): string[] {
  if (truth.status !== 'ended' || truth.cause === heard.cause) return [];
  const isOurs = heard.cause !== null && ours.has(heard.cause);
  // A PBX that goes down takes its calls with it; some hang them up first, and some just go.
  if (truth.cause === 'restarted') return isOurs || heard.cause === 'normal' ? [] : [causeText(truth, heard)];
  return isOurs && (loose || truth.lostHangup) ? [] : loose ? [] : [causeText(truth, heard)];
}

const causeText = (truth: LedgerCall, heard: HeardCall): string =>
  `${nameOf(truth)}: it ended by ${truth.cause}, heard was ${heard.cause}`;

/** Where frames are lost, a part of a call may look like a call of its own; but it must be over by now. */
const mayBeMisheard = ({ startedAt, status }: HeardCall, { gaps = [] }: Tolerance): boolean =>
  status === 'ended' && gaps.some(([from, to]) => startedAt >= from && startedAt <= to);

function mayBeUnheard(truth: LedgerCall, { gaps = [] }: Tolerance): boolean {
  const { startedAt, endedAt } = truth;
  return endedAt !== null && gaps.some(([from, to]) => startedAt >= from && endedAt <= to);
}

/** How many calls lay wholly in times in which somebody listened, so that every fact of them is compared. */
export const wholeCalls = (ledger: Ledger, tolerance: Tolerance): number =>
  ledger.calls.filter((call) => !touchesGap(call, tolerance)).length;

function touchesGap({ startedAt, endedAt }: LedgerCall, { gaps = [] }: Tolerance): boolean {
  return gaps.some(([from, to]) => startedAt <= to && (endedAt === null || endedAt >= from));
}

function phoneDifferences(truth: readonly LedgerPhone[], heard: Heard['phones']): string[] {
  const known = new Map(heard.map(({ number, status }) => [number, status]));
  return truth
    .filter(({ number, status }) => known.get(number) !== status)
    .map(({ number, status }) => `phone ${number} is ${status}, heard was ${known.get(number)}`);
}

const nameOf = (call: LedgerCall): string =>
  `call ${call.key} (${call.direction}, ${call.caller.number} to ${call.dialled})`;
