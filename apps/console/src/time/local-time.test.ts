import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { instantOfLocal, localText } from './local-time.ts';

const zones = ['UTC', 'local', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia'];

it('what the clocks of a zone show leads back to the moment, but for the hour that happens twice', () => {
  const minutes = fc.integer({ min: 20_000_000, max: 32_000_000 });
  fc.assert(
    fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
      const shown = localText(minute * 60_000, zone);
      const back = Date.parse(instantOfLocal(shown, zone) ?? '');
      expect([localText(back, zone), back <= minute * 60_000]).toEqual([shown, true]);
    }),
  );
});

it('knows summer from winter, and the hour that is left out', () => {
  expect(instantOfLocal('2026-07-01T12:00', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z');
  expect(instantOfLocal('2026-12-01T12:00', 'Europe/Berlin')).toBe('2026-12-01T11:00:00.000Z');
  expect(instantOfLocal('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  expect(instantOfLocal('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(instantOfLocal('', 'UTC')).toBeNull();
});
