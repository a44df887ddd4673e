import { expect, it } from 'vitest';
import { isoInZone, isZone } from './iso-in-zone.ts';

it.each([
  ['UTC', '2026-11-19T14:02:11+00:00'],
  ['Europe/Berlin', '2026-11-19T15:02:11+01:00'],
  ['America/St_Johns', '2026-11-19T10:32:11-03:30'],
  ['Pacific/Auckland', '2026-11-20T03:02:11+13:00'],
])('the clocks of %s show %s', (zone, shown) => {
  expect(isoInZone(zone)(new Date('2026-11-19T14:02:11.900Z'))).toBe(shown);
});

it('knows which zones there are', () => {
  expect(['Europe/Lisbon', 'UTC', 'Europe/Atlantis', 'local', ''].map(isZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
