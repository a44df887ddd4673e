import type { PhoneState } from './phone.ts';

export type Counts = Readonly<Record<PhoneState, number>>;

export const emptyCounts: Counts = { online: 0, ringing: 0, incall: 0, busy: 0, offline: 0 };

export const countedOf = (counts: Counts, status: PhoneState, by: number): Counts => ({
  ...counts,
  [status]: counts[status] + by,
});

export const totalOf = (counts: Counts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
