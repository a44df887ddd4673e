import { expect, it } from 'vitest';
import { blockedUntil } from './blocked-until.ts';
import { PbxClock, startOfCall } from './pbx-clock.ts';

const now = Date.UTC(2026, 9, 16, 15, 0, 0);
const clockAhead = (ms: number): PbxClock => {
  const clock = new PbxClock();
  clock.observe(new Date(now + ms).toUTCString(), now);
  return clock;
};

it.each([
  [now / 1000 + 660, now + 660_000],
  [String(now / 1000 + 660), now + 660_000],
  [now + 660_000, now + 660_000],
  ['2026/10/16 15:11:00', now + 660_000],
  ['2026-10-16 15:11:00', now + 660_000],
  ['2026-10-16T17:11:00+02:00', now + 660_000],
  ['2099-01-01 00:00:00', Date.UTC(2099, 0, 1)],
  // In which zone is that? It may as well be ten minutes from now.
  ['2026-10-16 23:11:00', null],
  [now / 1000 - 1, null],
  ['soon', null],
  [undefined, null],
  [1e300, null],
])('a block until %j ends at %j', (told, until) => {
  expect(blockedUntil(told, clockAhead(0), now)).toBe(until);
});

it("is told by the PBX's clock, and kept by ours", () => {
  expect(blockedUntil(now + 3_660_500, clockAhead(3_600_000), now)).toBe(now + 60_000);
});

it.each([
  [`${now / 1000 - 90}.16`, 0, now - 90_000],
  [`${now / 1000 + 3_510}.000012`, 3_600_000, now - 89_500 - 1_000],
  [`${now / 1000 + 60}.16`, 0, now],
  ['1.16', 0, undefined],
  ['abc', 0, undefined],
  [`${now / 1000 - 40 * 24 * 3600}.1`, 0, undefined],
])('call %s on a PBX that is %i ms ahead began at %j', (call, ahead, startedAt) => {
  expect(startOfCall(call, clockAhead(ahead), now)).toBe(startedAt);
});
