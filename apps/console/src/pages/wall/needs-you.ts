import type { Phone } from './phone.ts';

/** The lane has room for so many. */
export const needsYouMax = 8;

export interface Limits {
  readonly ringingMs: number;
  readonly talkingMs: number;
}

/** Who rings or talks for too long, what waits longest first: ringing before talking, since somebody waits. */
export function needsYouOf(engaged: readonly Phone[], limits: Limits, now: number): Phone[] {
  return engaged
    .filter(({ status, since }) => now - since > (status === 'ringing' ? limits.ringingMs : limits.talkingMs))
    .sort((a, b) => Number(a.status !== 'ringing') - Number(b.status !== 'ringing') || a.since - b.since)
    .slice(0, needsYouMax);
}
