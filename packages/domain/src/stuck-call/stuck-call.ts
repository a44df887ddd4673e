import { assertNever } from '../assert-never.ts';
import type { Call, EndedWord } from '../call/call.ts';
import type { CallStatus } from '../call/call-status.ts';
import type { Instant } from '../instant.ts';
import { keyOfClosing } from '../statement-key.ts';

/** How long a call may go on before somebody looks. All in milliseconds, all bounded by `stuckCallLimitBounds`. */
export interface StuckCallLimits {
  readonly answeredMs: number;
  readonly unansweredMs: number;
  /** The second, longer limit, for calls of which the PBX can't be asked. */
  readonly unknownMs: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Shorter would end ordinary calls, longer would never end anything. */
export const stuckCallLimitBounds = { minMs: minuteMs, maxMs: 30 * dayMs } as const;

export const defaultStuckCallLimits: StuckCallLimits = {
  answeredMs: 30 * minuteMs,
  unansweredMs: 30 * minuteMs,
  unknownMs: dayMs,
};

/** What a sweep sees of a call. */
export interface ObservedCall {
  readonly status: CallStatus;
  readonly startedAt: Instant;
  readonly answeredAt?: Instant | undefined;
  /** When the PBX was last asked and said that the call is alive. */
  readonly verifiedAt?: Instant | undefined;
}

export type Suspicion = 'answered_too_long' | 'unanswered_too_long';

/** What a PBX answers when it is asked whether a call is alive. Silence and errors are `unknown`, never `gone`. */
export type Liveness = 'gone' | 'alive' | 'unknown';

export type StuckCallDecision =
  | { readonly do: 'end' }
  | { readonly do: 'mark_verified'; readonly at: Instant }
  | { readonly do: 'keep' };

/** [STUCK1] A call is suspect when it is open and was last known to be well longer ago than its limit. */
export function suspect(call: ObservedCall, now: Instant, limits: StuckCallLimits): Suspicion | undefined {
  if (call.status === 'ended') return undefined;
  const isAnswered = call.answeredAt !== undefined;
  const limitMs = isAnswered ? limits.answeredMs : limits.unansweredMs;
  if (now - lastKnownWell(call) <= limitMs) return undefined;
  return isAnswered ? 'answered_too_long' : 'unanswered_too_long';
}

/**
 * [STUCK2] What to do with a suspect: gone is ended, alive is left alone and looked at again a limit later, unknown is
 * kept until the second limit has passed too.
 */
export function decideStuckCall(
  call: ObservedCall,
  liveness: Liveness,
  now: Instant,
  limits: StuckCallLimits,
): StuckCallDecision {
  if (suspect(call, now, limits) === undefined) return { do: 'keep' };
  switch (liveness) {
    case 'gone':
      return { do: 'end' };
    case 'alive':
      return { do: 'mark_verified', at: now };
    case 'unknown':
      return now - lastKnownWell(call) > limits.unknownMs ? { do: 'end' } : { do: 'keep' };
    default:
      return assertNever(liveness);
  }
}

/**
 * [STUCK3] Without asking the PBX the time alone decides: the plain rule, for operators who want it. What the PBX
 * answered earlier does not count either.
 */
export function decideByTimeAlone(
  call: ObservedCall,
  now: Instant,
  limits: StuckCallLimits,
): StuckCallDecision {
  const unasked = { ...call, verifiedAt: undefined };
  return suspect(unasked, now, limits) === undefined ? { do: 'keep' } : { do: 'end' };
}

/**
 * [STUCK5] A phone can't talk in two calls, so nobody waits for a limit: what the PBX calls gone is ended. What it can't
 * tell waits for the sweep, since nothing is suspected here but what the PBX itself calls gone.
 */
export function decideDoubleBooked(liveness: Liveness, now: Instant): StuckCallDecision {
  switch (liveness) {
    case 'gone':
      return { do: 'end' };
    case 'alive':
      return { do: 'mark_verified', at: now };
    case 'unknown':
      return { do: 'keep' };
    default:
      return assertNever(liveness);
  }
}

/** [STUCK4] A closing of our own: it beats the word that was observed, and loses to whatever the PBX says later. */
export function closeStuckCall(call: Call, at: Instant): Call {
  const lastWord: EndedWord = {
    key: keyOfClosing(call.lastWord.key),
    status: 'ended',
    endedAt: at,
    cause: 'timeout_cleanup',
    extensions: call.lastWord.extensions,
  };
  return { startedAt: call.startedAt, lastWord };
}

function lastKnownWell(call: ObservedCall): Instant {
  const since = call.answeredAt ?? call.startedAt;
  return call.verifiedAt !== undefined && call.verifiedAt > since ? call.verifiedAt : since;
}
