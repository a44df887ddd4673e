import * as v from 'valibot';
import { limits } from '../limits.ts';

/** What several messages have in common. */
export const word = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.idLettersMax));
export const offset = v.pipe(v.string(), v.regex(/^\d{1,16}-\d{1,16}$/));
export const epoch = v.pipe(v.string(), v.regex(/^\w{1,64}$/));
export const topic = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.topicLettersMax));
export const ms = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
export const pingId = v.union([v.pipe(v.string(), v.maxLength(limits.idLettersMax)), v.number()]);
