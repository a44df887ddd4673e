import { lowestFloorAbove, type Floor } from '../floor/floor.ts';
import { secondsBetween, type Instant } from '../instant.ts';
import type { Call, ShownCall } from './call.ts';

/**
 * [CALL6] What a call is shown as: ended, if its last word says so; else ended by the lowest floor above that word, if
 * there is one; else what the word says. A function of what is known, so that it can't depend on the order of arrival.
 */
export function showCall(call: Call, floors: Iterable<Floor>): ShownCall {
  const word = call.lastWord;
  if (word.status === 'ended') return shownEnded(call, word.endedAt, word.cause);
  const floor = lowestFloorAbove(floors, word.key);
  if (floor !== undefined) return shownEnded(call, floor.at, floor.cause);
  return { status: word.status, endedAt: undefined, cause: undefined, talkSeconds: undefined };
}

/** [CALL7] The PBX's own count of talk time counts; else it is what lies between the answer and the end. */
function shownEnded(call: Call, endedAt: Instant, cause: ShownCall['cause']): ShownCall {
  const counted = call.answered === undefined ? 0 : secondsBetween(call.answered.at, endedAt);
  return { status: 'ended', endedAt, cause, talkSeconds: call.talkSeconds ?? counted };
}
