import { textOf } from './fields.ts';
import type { PbxClock } from './pbx-clock.ts';

/** Numbers up to here are seconds since 1970, above milliseconds. */
const SECONDS_MAX = 1e11;
const HOUR_MS = 3_600_000;
const MONTH_MS = 30 * 24 * HOUR_MS;
/** PostgreSQL, JSON and JavaScript all carry it: the end of the year 9999. */
const INSTANT_MAX = 253_402_300_799_999;

/**
 * Until when the PBX blocks us, by our clock; null where it does not say so understandably. Firmwares write seconds,
 * milliseconds or a date. A date without a zone is the PBX's wall clock, whose zone we don't know: read as UTC it is
 * believed where it lies within the hour, as usual blocks do, or months away, where hours make no difference.
 */
export function blockedUntil(value: unknown, clock: PbxClock, now: number): number | null {
  const text = textOf(value);
  if (text === '') return null;
  const told = /^\d+$/.test(text) ? fromNumber(Number(text)) : fromDate(text, clock.toTheirs(now));
  if (told === null) return null;
  const until = Math.round(clock.toOurs(told));
  return until > now && until <= INSTANT_MAX ? until : null;
}

const fromNumber = (number: number): number => (number < SECONDS_MAX ? number * 1000 : number);

function fromDate(text: string, theirNow: number): number | null {
  const date = text.replaceAll('/', '-').replace(' ', 'T');
  const zoned = /(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})$/i.test(text);
  const told = Date.parse(zoned ? text : `${date}Z`);
  if (Number.isNaN(told)) return null;
  const away = told - theirNow;
  return zoned || away <= HOUR_MS || away >= MONTH_MS ? told : null;
}
