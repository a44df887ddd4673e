import { causeFromDisposition } from '@trunkline/domain';
import type { Call, CallEnd } from './call.ts';
import { partyOf } from './fields.ts';
import { note } from './fold-members.ts';
import type { CallRecord } from './frames.ts';

/** Files that one call may have; a call with more has them all found in the PBX's own list. */
const RECORDINGS_MAX = 32;

/** Fills in what the frames did not tell. True where the record names a recording that is new. */
export function learnFromRecord(
  call: Call,
  record: CallRecord,
  isExtension: (number: string) => boolean,
): boolean {
  const { end } = call;
  if (end === null) return false;
  end.talkSeconds = Math.max(end.talkSeconds ?? 0, record.talkSeconds);
  call.caller ??= partyOf(record.from);
  call.dialled ??= partyOf(record.did) ?? partyOf(record.to);
  // Without its inbound leg such a call seemed to dial the phone that rang.
  if (record.type === 'inbound' && call.did === '') call.dialled = partyOf(record.did) ?? call.dialled;
  call.direction ??= directionOf(record.type);
  if (call.trunk === '' && call.direction !== 'internal') call.trunk = record.trunk;
  if (call.did === '' && call.direction === 'inbound') call.did = record.did;
  learnAnswer(call, end, record, isExtension);
  const isNew =
    record.recording !== '' &&
    !end.recordings.includes(record.recording) &&
    end.recordings.length < RECORDINGS_MAX;
  if (isNew) end.recordings.push(record.recording);
  return isNew;
}

/**
 * The frame that told of the answer was lost, and the record knows of a talk. A talk with a menu or a queue is recorded
 * alike, so it counts only where a phone or an outside party is named as the one who was called.
 */
function learnAnswer(
  call: Call,
  end: CallEnd,
  record: CallRecord,
  isExtension: (number: string) => boolean,
): void {
  if (call.answered || record.talkSeconds === 0 || causeFromDisposition(record.disposition) !== 'normal')
    return;
  const answerer = partyOf(record.to);
  if (answerer === undefined) return;
  const isPhone = isExtension(answerer.number);
  if (!isPhone && record.type !== 'outbound') return;
  call.answered = true;
  call.answeredAt = Math.max(end.at - record.talkSeconds * 1000, call.startedAt ?? 0);
  call.answeredBy = answerer;
  if (isPhone) note(call.talked, answerer.number);
}

const directionOf = (type: string) =>
  type === 'inbound' || type === 'outbound' || type === 'internal' ? type : undefined;
