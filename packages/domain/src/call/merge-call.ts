import { earliest } from '../instant.ts';
import { compareKeys } from '../statement-key.ts';
import { firstTold } from '../told.ts';
import type { Answer, Call, CallWord } from './call.ts';

/**
 * [CALL2] The one way in which knowledge of a call grows. Three laws hold for any calls a, b and c, so that order,
 * grouping and repetition of deliveries change nothing:
 *
 *     merge(a, b) = merge(b, a)      merge(merge(a, b), c) = merge(a, merge(b, c))      merge(a, a) = a
 *
 * Each field obeys them by itself, hence the whole does.
 */
export function mergeCall(one: Call, other: Call): Call {
  return {
    startedAt: earliest(one.startedAt, other.startedAt),
    answered: earliestAnswer(one.answered, other.answered),
    caller: firstTold(one.caller, other.caller),
    callee: firstTold(one.callee, other.callee),
    route: firstTold(one.route, other.route),
    talkSeconds: longest(one.talkSeconds, other.talkSeconds),
    lastWord: byHigherKey(one.lastWord, other.lastWord),
  };
}

/** [CALL3] Whoever saw a call talking saw it answered by then: the earliest is nearest, and exact where one of equals is. */
function earliestAnswer(one: Answer | undefined, other: Answer | undefined): Answer | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.at !== other.at) return one.at < other.at ? one : other;
  return one.approximate ? other : one;
}

/** [CALL4] Records that come after the end only ever add talk time: they tell of stages that were not yet counted. */
function longest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}

/** [CALL5] The word under the higher key is the last word, whenever it arrives. */
const byHigherKey = (one: CallWord, other: CallWord): CallWord =>
  compareKeys(other.key, one.key) > 0 ? other : one;
