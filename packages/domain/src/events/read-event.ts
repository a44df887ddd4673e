import * as v from 'valibot';
import { pbxIdSchema, type PbxId } from '../ids.ts';
import { versionOf } from '../version.ts';
import { eventSchemas, isEventType, type LifecycleEvent } from './event.ts';

/** What the transport knows of an entry without opening its payload. */
export interface EventHeader {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly type: string;
}

/** An event that can't be read. The message names the field and what is wrong with it, never the field's value. */
export class EventError extends Error {
  override readonly name = 'EventError';
}

/** [EVENT1] The door: whoever holds a LifecycleEvent holds one that has passed here. */
export function readEvent(header: EventHeader, payload: unknown): LifecycleEvent {
  const { type } = header;
  if (!isEventType(type)) throw new EventError(`unknown event type ${JSON.stringify(type.slice(0, 100))}`);
  const said = v.safeParse(eventSchemas[type], payload, { abortEarly: true });
  if (!said.success) throw new EventError(`${type}: ${describeIssue(said.issues[0])}`);
  // The payload's schema is chosen by the type, which the compiler can't follow through a record of schemas.
  return {
    ...said.output,
    type,
    pbx: readPbxId(header.source),
    version: readVersion(header),
  } as LifecycleEvent;
}

/** PBX ids recur in every event of a batch, so each is checked once while it is remembered. */
const knownPbxIds = new Map<string, PbxId>();
const knownPbxIdsMax = 10_000;

function readPbxId(source: string): PbxId {
  const known = knownPbxIds.get(source);
  if (known !== undefined) return known;
  const id = v.safeParse(pbxIdSchema, source);
  if (!id.success) throw new EventError('the event names no PBX: its source is not a UUID');
  if (knownPbxIds.size >= knownPbxIdsMax) knownPbxIds.clear();
  knownPbxIds.set(source, id.output);
  return id.output;
}

function readVersion({ epoch, seq }: EventHeader) {
  try {
    return versionOf(epoch, seq);
  } catch (error) {
    throw new EventError('the event has no version', { cause: error });
  }
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const problem = issue.expected === null ? issue.message : `expected ${issue.expected}`;
  return path === null ? problem : `${path}: ${problem}`;
}
