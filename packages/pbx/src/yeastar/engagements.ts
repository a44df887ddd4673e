import type { Call, Leg } from './call.ts';

export type Engagement = 'ringing' | 'incall';

/** What calls say of the phones on them: who rings, and who dials or talks, which counts more. */
export function engagementsOf(calls: Iterable<Call>): Map<string, Engagement> {
  const engaged = new Map<string, Engagement>();
  for (const { legs } of calls) {
    for (const leg of legs) {
      const engagement = leg.number === '' ? null : engagementOf(leg);
      if (engagement === 'incall' || (engagement !== null && !engaged.has(leg.number)))
        engaged.set(leg.number, engagement);
    }
  }
  return engaged;
}

function engagementOf({ status }: Leg): Engagement | null {
  if (status === 'BYE' || status === null) return null;
  return status === 'RING' || status === 'EARLYMEDIA' ? 'ringing' : 'incall';
}
