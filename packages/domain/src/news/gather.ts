import { assertNever } from '../assert-never.ts';
import { callSaidByEvent, callSaidBySnapshot } from '../call/call-said.ts';
import type { Call } from '../call/call.ts';
import { mergeCall } from '../call/merge-call.ts';
import type { LifecycleEvent, LinkSnapshot } from '../events/event.ts';
import {
  extensionSaidByEvent,
  extensionSaidBySnapshot,
  mergeExtension,
  type Extension,
} from '../extension/extension.ts';
import type { Floor } from '../floor/floor.ts';
import { floorOfDisconnect, floorOfSnapshot, standingOf } from '../floor/floor-said.ts';
import type { CallKey, ExtensionNumber, PbxId, RecordingKey } from '../ids.ts';
import { mergeRecording, recordingSaidByEvent, type Recording } from '../recording/recording.ts';

/** What some events said of one PBX, merged: at most one statement about each call, phone and recording. */
export interface PbxNews {
  readonly calls: Map<CallKey, Call>;
  readonly extensions: Map<ExtensionNumber, Extension>;
  readonly recordings: Map<RecordingKey, Recording>;
  readonly floors: Floor[];
}

export type News = Map<PbxId, PbxNews>;

/**
 * [NEWS1] Gathers events into news. Since merging knows no order, a batch may be gathered first and merged into what
 * is stored afterwards, in one piece; and the news of a whole history is the state itself.
 */
export function gather(events: Iterable<LifecycleEvent>, news: News = new Map()): News {
  for (const event of events) hear(newsOf(news, event.pbx), event);
  return news;
}

function newsOf(news: News, pbx: PbxId): PbxNews {
  let known = news.get(pbx);
  if (known === undefined) {
    known = { calls: new Map(), extensions: new Map(), recordings: new Map(), floors: [] };
    news.set(pbx, known);
  }
  return known;
}

function hear(news: PbxNews, event: LifecycleEvent): void {
  switch (event.type) {
    case 'call.calling':
    case 'call.ringing':
    case 'call.connected':
    case 'call.held':
    case 'call.ended':
      return mergeInto(news.calls, event.call, callSaidByEvent(event), mergeCall);
    case 'extension.changed':
      return mergeInto(news.extensions, event.extension, extensionSaidByEvent(event), mergeExtension);
    case 'recording.ready':
      return mergeInto(news.recordings, event.recording, recordingSaidByEvent(event), mergeRecording);
    case 'link.disconnected':
      news.floors.push(floorOfDisconnect(event));
      return;
    case 'link.snapshot':
      return hearSnapshot(news, event);
    case 'link.connected':
      return;
    default:
      return assertNever(event);
  }
}

function hearSnapshot(news: PbxNews, snapshot: LinkSnapshot): void {
  const standing = standingOf(snapshot);
  for (const listed of snapshot.calls) {
    mergeInto(news.calls, listed.call, callSaidBySnapshot(listed, standing), mergeCall);
  }
  for (const listed of snapshot.extensions ?? []) {
    mergeInto(news.extensions, listed.extension, extensionSaidBySnapshot(listed, standing), mergeExtension);
  }
  news.floors.push(floorOfSnapshot(snapshot));
}

function mergeInto<Key, Value>(
  known: Map<Key, Value>,
  key: Key,
  said: Value,
  merge: (one: Value, other: Value) => Value,
): void {
  const before = known.get(key);
  known.set(key, before === undefined ? said : merge(before, said));
}
