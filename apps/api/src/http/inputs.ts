import { pageLimits } from '@trunkline/database';
import { callKey, pbxId, type CallKey, type PbxId } from '@trunkline/domain';
import * as v from 'valibot';

/** The kinds of input that routes share. What comes in a path or a query is text; each says what it turns into. */

const controls = /[\p{Cc}\p{Cs}]/u;
const plain = v.check<string, string>((text) => !controls.test(text), 'must not hold control characters');

export const words = (max: number, description: string) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(max), plain, v.description(description));

export const uuid = (description: string) =>
  v.pipe(v.string(), v.uuid('must be a uuid'), v.toLowerCase(), v.description(description));

export const pbxParam = v.pipe(
  uuid('The id of a PBX.'),
  v.transform((id): PbxId => pbxId(id)),
);

export const callParam = v.pipe(
  words(256, "The PBX's own name for the call."),
  v.transform((key): CallKey => callKey(key)),
);

export const time = (description: string) =>
  v.pipe(
    v.string(),
    v.isoTimestamp('must be a time such as 2026-11-30T12:00:00Z'),
    v.description(description),
    v.transform((text) => new Date(text)),
  );

export const wholeNumber = (min: number, max: number, description: string) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`),
    v.transform(Number),
    v.number(),
    v.integer(),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
    v.description(description),
  );

export const flag = (description: string) =>
  v.pipe(
    v.picklist(['true', 'false'], 'must be true or false'),
    v.transform((text) => text === 'true'),
    v.boolean(),
    v.description(description),
  );

/** `?status=ringing&status=held` and `?status=ringing,held` alike. */
export const several = <const Choice extends string>(choices: readonly Choice[], description: string) =>
  v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((given) => [given].flat().flatMap((text) => text.split(','))),
    v.array(v.picklist(choices, `must be one of ${choices.join(', ')}`)),
    v.minLength(1),
    v.maxLength(choices.length),
    v.description(description),
  );

/** Every list takes these. */
export const paging = {
  limit: v.optional(wholeNumber(1, pageLimits.max, `How many at most; ${pageLimits.default} unless given.`)),
  after: v.optional(words(2_000, '`next` of the page before.')),
};
