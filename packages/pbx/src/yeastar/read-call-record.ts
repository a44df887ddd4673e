import { isKey, textOf, wholeNumberOf, type Fields } from './fields.ts';
import type { CallRecord } from './frames.ts';
import { UnreadableError } from './unreadable-error.ts';

/** Longer than any call: a year. */
const TALK_SECONDS_MAX = 366 * 24 * 3600;

/** Names of the same facts in the event at a call's end, and in a row of the search for past calls. */
const eventNames = {
  disposition: 'status',
  type: 'type',
  recording: 'recording',
  source: 'src_trunk_name',
  destination: 'dst_trunk_name',
} as const;
const searchNames = {
  disposition: 'disposition',
  type: 'call_type',
  recording: 'record_file',
  source: 'src_trunk',
  destination: 'dst_trunk',
} as const;

export const readCallRecord = (fields: Fields): CallRecord => read(fields, eventNames);
export const readSearchedRecord = (fields: Fields): CallRecord => read(fields, searchNames);

function read(fields: Fields, names: typeof eventNames | typeof searchNames): CallRecord {
  const call = textOf(fields.call_id);
  if (!isKey(call)) throw new UnreadableError('call_id: expected the name of a call');
  const recording = textOf(fields[names.recording]);
  const talkSeconds = wholeNumberOf(fields.talk_duration) ?? 0;
  return {
    call,
    from: textOf(fields.call_from),
    to: textOf(fields.call_to),
    type: textOf(fields[names.type]).toLowerCase(),
    disposition: textOf(fields[names.disposition]),
    talkSeconds: Math.min(Math.max(talkSeconds, 0), TALK_SECONDS_MAX),
    trunk: textOf(fields[names.source]) || textOf(fields[names.destination]),
    did: textOf(fields.did_number),
    recording: isKey(recording) ? recording : '',
  };
}
