import type { RecordingEvent } from '../events/event.ts';
import type { CallKey } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { firstTold, type Told } from '../told.ts';

/** A recording that a PBX says it has: only facts, each from whoever told it first. */
export interface Recording {
  readonly readyAt: Told<Instant>;
  readonly call?: Told<CallKey> | undefined;
  readonly durationSeconds?: Told<number> | undefined;
}

/** [REC1] Recordings are told of more than once (event, call detail record, catch-up); the first telling counts. */
export function mergeRecording(one: Recording, other: Recording): Recording {
  return {
    readyAt: other.readyAt.at < one.readyAt.at ? other.readyAt : one.readyAt,
    call: firstTold(one.call, other.call),
    durationSeconds: firstTold(one.durationSeconds, other.durationSeconds),
  };
}

export const recordingSaidByEvent = (event: RecordingEvent): Recording => ({
  readyAt: { fact: event.at, at: event.version },
  call: event.call === undefined ? undefined : { fact: event.call, at: event.version },
  durationSeconds:
    event.durationSeconds === undefined ? undefined : { fact: event.durationSeconds, at: event.version },
});
