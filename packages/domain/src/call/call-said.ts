import { assertNever } from '../assert-never.ts';
import type { CallEvent, LinkSnapshot } from '../events/event.ts';
import type { Instant } from '../instant.ts';
import { keyOfEvent, keyOfSnapshot } from '../statement-key.ts';
import type { Version } from '../version.ts';
import type { Told } from '../told.ts';
import type { Answer, Call, CallWord } from './call.ts';
import type { OpenCallStatus } from './call-status.ts';

type SnapshotCall = LinkSnapshot['calls'][number];

/** [CALL8] What one event says of its call. */
export function callSaidByEvent(event: CallEvent): Call {
  return {
    startedAt: event.startedAt ?? event.at,
    answered: answeredByEvent(event),
    ...participants(event, event.version),
    talkSeconds: event.type === 'call.ended' ? event.talkSeconds : undefined,
    lastWord: wordOfEvent(event),
  };
}

/** [SNAP1] What a snapshot says of a call that it lists: open, as of the version whose state it shows. */
export function callSaidBySnapshot(listed: SnapshotCall, snapshot: SnapshotStanding): Call {
  return {
    startedAt: listed.startedAt ?? snapshot.at,
    answered: answeredInSnapshot(listed, snapshot.at),
    ...participants(listed, snapshot.said),
    talkSeconds: undefined,
    lastWord: {
      key: keyOfSnapshot(snapshot.asOf, snapshot.said),
      status: listed.status,
      extensions: listed.extensions,
    },
  };
}

/** Where and when a snapshot stands, shared by all that it lists. */
export interface SnapshotStanding {
  readonly asOf: Version;
  readonly said: Version;
  readonly at: Instant;
}

function wordOfEvent(event: CallEvent): CallWord {
  const key = keyOfEvent(event.version);
  const { extensions } = event;
  switch (event.type) {
    case 'call.calling':
      return { key, status: 'calling', extensions };
    case 'call.ringing':
      return { key, status: 'ringing', extensions };
    case 'call.connected':
      return { key, status: 'connected', extensions };
    case 'call.held':
      return { key, status: 'held', extensions };
    case 'call.ended':
      return { key, status: 'ended', endedAt: event.endedAt ?? event.at, cause: event.cause, extensions };
    default:
      return assertNever(event);
  }
}

/** [CALL9] A connected or held call was answered by the moment it was heard of, where nothing more exact is told. */
function answeredByEvent(event: CallEvent): Answer | undefined {
  if (event.answeredAt !== undefined) return { at: event.answeredAt, approximate: false };
  return event.type === 'call.connected' || event.type === 'call.held'
    ? { at: event.at, approximate: event.type === 'call.held' }
    : undefined;
}

/** [SNAP2] A snapshot that shows a call talking tells that it was answered by then, but not when. */
function answeredInSnapshot(listed: SnapshotCall, at: Instant): Answer | undefined {
  if (listed.answeredAt !== undefined) return { at: listed.answeredAt, approximate: false };
  return isTalking(listed.status) ? { at, approximate: true } : undefined;
}

const isTalking = (status: OpenCallStatus): boolean => status === 'connected' || status === 'held';

function participants(said: Pick<SnapshotCall, 'caller' | 'callee' | 'route'>, at: Version) {
  return { caller: tell(said.caller, at), callee: tell(said.callee, at), route: tell(said.route, at) };
}

const tell = <Fact>(fact: Fact | undefined, at: Version): Told<Fact> | undefined =>
  fact === undefined ? undefined : { fact, at };
