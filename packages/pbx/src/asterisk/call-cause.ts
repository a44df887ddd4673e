import { causeFromDisposition, causeFromQ850, causeFromSip, type SaidCause } from '@trunkline/domain';
import type { Call } from './call.ts';

/** "Interworking, unspecified": what a SIP answer becomes that has no Q.850 number. */
const INTERWORKING = 127;
const NORMAL = 16;
/** The SIP answer to a request that its sender took back. */
const REQUEST_TERMINATED = 487;

/** Why a call ended, from how its legs did. The caller's leg knows best: it tells what the caller was answered. */
export function causeOf(call: Call): SaidCause {
  const end = call.callerEnd ?? call.lastEnd;
  if (end === null) return 'unknown';
  return call.answered ? causeOfAnswered(end.cause) : causeOfUnanswered(call, end.cause, end.techCause);
}

function causeOfAnswered(cause: number): SaidCause {
  return cause === 0 ? 'normal' : causeFromQ850(cause);
}

function causeOfUnanswered(call: Call, cause: number, techCause: number): SaidCause {
  if (techCause === REQUEST_TERMINATED) return 'abandoned';
  // Releases that tell no SIP answer leave nothing but this number, and a caller who gives up is its usual reason.
  if (cause === INTERWORKING) return techCause === 0 ? 'abandoned' : causeFromSip(techCause);
  if (cause !== 0 && cause !== NORMAL) return causeFromQ850(cause);
  // The caller's leg ended in peace or without a word, so how the dialling went says more.
  const byDialling = causeFromDisposition(call.lastDialStatus);
  if (call.lastDialStatus !== '' && byDialling !== 'unknown') return byDialling;
  if (call.calledCause !== 0) return causeFromQ850(call.calledCause);
  if (call.rang) return cause === NORMAL ? 'abandoned' : 'no_answer';
  return cause === NORMAL ? 'normal' : 'unknown';
}
