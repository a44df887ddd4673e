import type { LedgerCall, LedgerStatus } from '../contract/ledger.ts';
import type { Call } from './call.ts';
import { answersFirst } from './dialplans.ts';
import type { Leg } from './leg.ts';

/** What a call's legs add up to. An answered call never goes back to ringing, and ringing is never taken back. */
export function statusOf(call: Pick<Call, 'endedAt' | 'answeredAt' | 'rang' | 'legs'>): LedgerStatus {
  if (call.endedAt !== null) return 'ended';
  if (call.answeredAt !== null) return call.legs.some((leg) => leg.holds) ? 'held' : 'connected';
  return call.rang ? 'ringing' : 'calling';
}

/** More than digits that somebody keys: a phone rings, the PBX has picked up, or it is over. */
export function isReached({ rang, endedAt, kind }: Pick<Call, 'rang' | 'endedAt' | 'kind'>): boolean {
  return rang || endedAt !== null || answersFirst(kind);
}

/** The extensions on a call: those with a live leg; at the end those that talked, else those that rang. */
export function extensionsOf(call: Pick<Call, 'endedAt' | 'legs' | 'past'>): string[] {
  if (call.endedAt === null) return numbersOf(call.legs);
  const talked = numbersOf(call.past.filter((leg) => leg.talked));
  return talked.length > 0 ? talked : numbersOf(call.past.filter((leg) => leg.rang));
}

function numbersOf(legs: readonly Leg[]): string[] {
  const numbers = legs.flatMap((leg) => (leg.extension === null ? [] : [leg.extension]));
  return [...new Set(numbers)].sort();
}

export function ledgerCallOf(call: Call): LedgerCall {
  return {
    key: call.key,
    mergedKeys: [...call.mergedKeys],
    direction: call.direction,
    caller: call.caller,
    dialled: call.dialled,
    answeredBy: call.answeredBy,
    ...(call.did === null ? {} : { did: call.did }),
    ...(call.trunk === null ? {} : { trunk: call.trunk }),
    status: statusOf(call),
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    cause: call.cause,
    extensions: extensionsOf(call),
    recording: call.recording,
    lostHangup: call.lostHangup,
  };
}
