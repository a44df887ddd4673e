import * as v from 'valibot';
import type { Brand } from './brand.ts';

/** A moment in whole milliseconds since 1970, UTC. It always comes in from outside: this package has no clock. */
export type Instant = Brand<number, 'Instant'>;

/** Up to the year 9999, which PostgreSQL, JSON and JavaScript all carry exactly. */
const instantMax = 253_402_300_799_999;

export const instantSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(instantMax),
) as unknown as v.GenericSchema<number, Instant>;

export const instant = (ms: number): Instant => v.parse(instantSchema, ms);

export const earliest = (one: Instant, other: Instant): Instant => (other < one ? other : one);

export const secondsBetween = (from: Instant, to: Instant): number =>
  Math.max(0, Math.floor((to - from) / 1000));
