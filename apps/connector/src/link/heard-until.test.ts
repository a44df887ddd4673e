import type { TakenLease } from '@trunkline/database';
import { expect, it } from 'vitest';
import { heardUntil } from './heard-until.ts';

const host = { wallNow: () => 1_000_000, leaseMs: 4_000 };
const taken = (changes: Partial<TakenLease>): TakenLease =>
  ({
    snapshotMsAgo: 200_000,
    handedOverMsAgo: null,
    expiredMsAgo: null,
    leftMsAgo: 150_000,
    ...changes,
  }) as TakenLease;

it.each([
  ['was handed over: until then', { handedOverMsAgo: 300 }, 999_700],
  ['vanished: until it renewed its lease for the last time', { expiredMsAgo: 500 }, 995_500],
  ['said good-bye: until then', {}, 850_000],
  ['took a snapshot later than that: until the snapshot', { leftMsAgo: 250_000 }, 800_000],
  ['never heard anything', { snapshotMsAgo: null }, null],
])('the last holder %s', (_what, changes, until) => {
  expect(heardUntil(taken(changes), host)).toBe(until);
});
