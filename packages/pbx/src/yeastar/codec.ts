import { isFields, isKey, textOf, wholeNumberOf, type Fields } from './fields.ts';
import type { Frame, Meaning, PhoneState } from './frames.ts';
import { readCallRecord } from './read-call-record.ts';
import { readMembers } from './read-members.ts';
import { UnreadableError } from './unreadable-error.ts';

/**
 * What one text frame means. Pure, and total: whatever arrives comes out as exactly one kind, and nothing is thrown.
 *
 * The order of the questions is exact, because recordings, names and messages may contain any word: first the two plain
 * words of the heartbeat, compared whole; then JSON with an `errcode` and no `type`, which answers us; then JSON with
 * an integer `type`, an event. The fields are checked by hand and not by a schema: frames of a busy PBX come by the ten
 * thousand a second, and a schema's walk costs several times the parsing itself. What comes out is as strictly typed.
 */
export function readFrame(raw: string): Frame {
  if (isHeartbeat(raw)) return heartbeat;
  try {
    return readJson(raw);
  } catch (error) {
    const problem = error instanceof UnreadableError ? error.message : 'can not be read';
    return { kind: 'unreadable', raw, problem };
  }
}

const heartbeat: Frame = { kind: 'heartbeat' };
const ignored: Frame = { kind: 'ignored' };
const unknownText: Frame = { kind: 'unknown', type: null };

/** Words longer than this with blanks around them are no heartbeat that any firmware sends. */
const HEARTBEAT_LENGTH_MAX = 64;

function isHeartbeat(raw: string): boolean {
  if (raw.length > HEARTBEAT_LENGTH_MAX) return false;
  const text = raw.trim();
  return text === 'heartbeat response' || text === 'heartbeat';
}

function readJson(raw: string): Frame {
  const frame = parse(raw);
  // Text without an object in it claims nothing; what is left of a broken object may have been an event.
  if (frame === undefined) {
    if (raw.includes('{')) throw new UnreadableError('not valid JSON');
    return unknownText;
  }
  if (!isFields(frame)) return unknownText;
  const { type } = frame;
  if (typeof type === 'number' && Number.isSafeInteger(type)) return readEvent(type, frame.msg);
  if (type !== undefined) throw new UnreadableError('type: expected an integer');
  const errcode = wholeNumberOf(frame.errcode);
  if (errcode !== null) return { kind: 'reply', errcode, errmsg: textOf(frame.errmsg) };
  if (frame.msg !== undefined) throw new UnreadableError('an event without a type');
  return unknownText;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readEvent(type: number, msg: unknown): Frame {
  const read = readers.get(type);
  if (read !== undefined) return { kind: 'event', meaning: read(readMessage(msg)) };
  return known.has(type) ? ignored : { kind: 'unknown', type };
}

/** Call events carry their message as JSON in a string, newer events as an object. */
function readMessage(msg: unknown): Fields {
  const message = typeof msg === 'string' ? parse(msg) : msg;
  if (message === undefined)
    throw new UnreadableError(msg === undefined ? 'msg: missing' : 'msg: not valid JSON');
  if (!isFields(message)) throw new UnreadableError('msg: expected an object');
  return message;
}

/** Known kinds that tell nothing about calls in progress, phones or their ends. */
const known: ReadonlySet<number> = new Set([
  30005, 30006, 30010, 30017, 30018, 30019, 30020, 30023, 30024, 30025, 30026, 30027, 30028, 30029, 30030,
  30031, 30032, 30033, 30034, 30035, 30036, 30038, 30039,
]);

const readCallMembers = (message: Fields): Meaning => ({
  kind: 'members',
  call: readCall(message),
  members: readMembers(message.members),
});

const readers: ReadonlyMap<number, (message: Fields) => Meaning> = new Map([
  [30007, readRegistration],
  [30008, readPhone],
  [30009, readPresence],
  [30011, readCallMembers],
  [30012, (message): Meaning => ({ kind: 'record', record: readCallRecord(message) })],
  [30013, readCallMembers],
  [30014, readCallMembers],
  [30015, readFailure],
  [30016, readCallMembers],
  [30022, (): Meaning => ({ kind: 'roster' })],
]);

function readCall(message: Fields): string {
  const call = textOf(message.call_id);
  if (!isKey(call)) throw new UnreadableError('call_id: expected the name of a call');
  return call;
}

function readExtension(message: Fields): string {
  const extension = textOf(message.extension);
  if (!isKey(extension)) throw new UnreadableError('extension: expected an extension number');
  return extension;
}

function readFailure(message: Fields): Meaning {
  const { members } = message;
  return {
    kind: 'failure',
    call: readCall(message),
    reason: textOf(message.reason),
    members: members === undefined || members === null ? null : readMembers(members),
  };
}

function readRegistration(message: Fields): Meaning {
  const status = textOf(message.status).toLowerCase();
  if (status !== 'registered' && status !== 'unregistered')
    throw new UnreadableError('status: expected Registered or Unregistered');
  return {
    kind: 'registration',
    extension: readExtension(message),
    device: textOf(message.kind).toLowerCase().slice(0, 32),
    registered: status === 'registered',
  };
}

const phoneStates: ReadonlyMap<string, PhoneState> = new Map([
  ['ringing', 'Ringing'],
  ['busy', 'Busy'],
  ['idle', 'Idle'],
]);

function readPhone(message: Fields): Meaning {
  const state = phoneStates.get(textOf(message.status).toLowerCase());
  if (state === undefined) throw new UnreadableError('status: expected Ringing, Busy or Idle');
  return { kind: 'phone', extension: readExtension(message), state };
}

function readPresence(message: Fields): Meaning {
  const presence = textOf(message.status).toLowerCase();
  if (presence === '') throw new UnreadableError('status: expected a presence');
  return { kind: 'presence', extension: readExtension(message), presence };
}
