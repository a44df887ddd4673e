import { InvalidArgumentError } from 'commander';

/** Readers of options. What they refuse ends in a message that names the option, and in exit code 2. */

export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** One or several of some words, separated by commas; those given before stay. */
export const someOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string, before: readonly Word[] = []): Word[] => {
    const given = text.split(',').map((each) => oneOf(words)(each.trim()));
    return [...before, ...given];
  };

export const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`);
  };

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const duration = (text: string): number => {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('It is a length of time, such as 90s, 15m, 2h or 7d.');
};

/** A date, or how long ago. */
export const moment =
  (now: () => Date) =>
  (text: string): Date => {
    if (/^\d+[smhd]$/.test(text)) return new Date(now().getTime() - duration(text));
    const date = new Date(text);
    if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime())) return date;
    throw new InvalidArgumentError('It is a time such as 2026-01-31T08:00Z, or how long ago, such as 2h.');
  };

/** Part of a phone number. */
export const digits = (text: string): string => {
  if (/^[+0-9*#]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It is part of a number: digits, +, * and # only.');
};
