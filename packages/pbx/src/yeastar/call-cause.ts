import { causeFromDisposition, causeFromReason, type SaidCause } from '@trunkline/domain';
import type { Call } from './call.ts';
import type { CallRecord } from './frames.ts';

/** Why a call ended of which only its members' BYE tells: better known when its record arrives. */
export function causeByLegs(call: Call): SaidCause {
  if (call.answered) return 'normal';
  if (call.failure !== null) return call.failure;
  if (call.gaveUp) return 'abandoned';
  if (call.calledWentFirst) return 'no_answer';
  // A caller who left before anybody was called has given up, in a menu for instance.
  return call.legs.some(({ role }) => role === 'called') ? 'no_answer' : 'abandoned';
}

/**
 * The record decides, but for two things that it tells less well: a reason that the PBX reported by itself, and a
 * caller who was seen to give up, which older firmware records as "no answer".
 */
export function causeByRecord(call: Call, { disposition }: CallRecord): SaidCause {
  const said = causeFromDisposition(disposition);
  if (said === 'normal' || said === 'voicemail') return said;
  if (call.answered) return 'normal';
  if (call.failure !== null) return call.failure;
  if (said === 'no_answer' && call.gaveUp) return 'abandoned';
  return said === 'unknown' ? causeByLegs(call) : said;
}

/** What nothing that comes later tells better. */
const settled: ReadonlySet<SaidCause> = new Set(['normal', 'voicemail', 'abandoned']);

/** A failure report of a call that is over. True where it tells the cause better than what was known. */
export function learnFailure(call: Call, reason: string): boolean {
  const { end } = call;
  if (end === null || call.answered || settled.has(end.cause)) return false;
  call.failure = causeFromReason(reason);
  end.cause = call.failure;
  end.certain = true;
  return true;
}
