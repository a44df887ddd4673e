import type { Zone } from './moment.ts';

/** What the clocks of a zone show, as `<input type="datetime-local">` wants it: `2026-11-19T14:02`. */
export function localText(at: number, zone: Zone): string {
  const shown = new Date(at + offsetMs(at, zone)).toISOString();
  return shown.slice(0, 16);
}

/**
 * The moment at which the clocks of a zone show this. Of an hour that happens twice the first counts; one that is left out
 * counts as the one after it. Null for what is no time.
 */
export function instantOfLocal(text: string, zone: Zone): string | null {
  const shown = Date.parse(`${text}Z`);
  if (Number.isNaN(shown)) return null;
  // The offset of a moment near it may be another one, so it is looked up once more there.
  const near = shown - offsetMs(shown, zone);
  const before = shown - offsetMs(near - 7_200_000, zone);
  const isBefore = before + offsetMs(before, zone) === shown;
  return new Date(isBefore ? before : shown - offsetMs(near, zone)).toISOString();
}

/** By how much the clocks of a zone are ahead of UTC. */
export function offsetMs(at: number, zone: Zone): number {
  if (zone === 'local') return -new Date(at).getTimezoneOffset() * 60_000;
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    at,
  );
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
