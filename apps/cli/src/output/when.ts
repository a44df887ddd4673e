import { ago } from './ago.ts';

/** A time in UTC to the second, as people read it; the same width everywhere. */
export const when = (date: Date | null): string =>
  date === null ? '-' : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;

export const whenAndAgo = (date: Date, now: Date): string => `${when(date)} (${ago(date, now)})`;
