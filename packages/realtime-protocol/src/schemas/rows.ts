import * as v from 'valibot';
import type { DataType, RowsByType } from '../data-types.ts';

/** Rows may have more fields than are named, so that an older client reads what a newer server tells. */
const text = v.string();
const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.nullable(schema);
const time = v.pipe(text, v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const counts = v.record(text, v.number());
const version = v.pipe(text, v.regex(/^\d+$/));

const call = v.looseObject({
  pbx: text,
  call: text,
  status: v.picklist(['calling', 'ringing', 'connected', 'held', 'ended']),
  startedAt: time,
  answeredAt: maybe(time),
  answeredApproximate: v.boolean(),
  endedAt: maybe(time),
  cause: maybe(text),
  talkSeconds: maybe(v.number()),
  direction: maybe(v.picklist(['inbound', 'outbound', 'internal'])),
  trunk: maybe(text),
  did: maybe(text),
  callerNumber: maybe(text),
  callerName: maybe(text),
  calleeNumber: maybe(text),
  calleeName: maybe(text),
  extensions: v.array(text),
  phones: v.exactOptional(maybe(v.array(text))),
  revision: count,
});

const extension = v.looseObject({
  pbx: text,
  extension: text,
  name: maybe(text),
  status: v.picklist(['online', 'ringing', 'incall', 'busy', 'offline']),
  lastSeenAt: time,
  revision: count,
});

const recording = v.looseObject({
  pbx: text,
  recording: text,
  call: maybe(text),
  readyAt: time,
  durationSeconds: maybe(v.number()),
  id: text,
  status: text,
  bytes: maybe(v.number()),
  problem: maybe(text),
  revision: count,
});

const link = v.looseObject({
  pbx: text,
  state: text,
  reason: maybe(text),
  since: time,
  nextAttemptAt: maybe(time),
  alarm: maybe(text),
  open: v.boolean(),
  product: maybe(text),
  warnings: v.array(text),
  snapshotAt: maybe(time),
  revision: count,
  name: v.exactOptional(text),
  vendor: v.exactOptional(text),
  enabled: v.exactOptional(v.boolean()),
  held: v.exactOptional(v.boolean()),
});

const connected = v.looseObject({ pbx: text, version, since: time });

const disconnected = v.looseObject({
  pbx: text,
  version,
  since: time,
  cause: text,
  reason: text,
  cleanup: maybe(counts),
  graceMs: maybe(v.number()),
});

const cleanupRun = v.looseObject({
  id: text,
  pbx: maybe(text),
  kind: text,
  version: maybe(version),
  cause: maybe(text),
  reason: maybe(text),
  happenedAt: maybe(time),
  counts,
  spared: v.boolean(),
  dueAt: maybe(time),
  startedAt: time,
  finishedAt: maybe(time),
  revision: count,
});

const importRun = v.looseObject({
  import: text,
  revision: count,
  state: v.exactOptional(text),
  done: v.exactOptional(v.number()),
  total: v.exactOptional(v.number()),
  bytes: v.exactOptional(v.number()),
  bytesDone: v.exactOptional(v.number()),
  created: v.exactOptional(v.number()),
  updated: v.exactOptional(v.number()),
  unchanged: v.exactOptional(v.number()),
  skipped: v.exactOptional(v.number()),
  rejected: v.exactOptional(v.number()),
  startedAt: v.exactOptional(maybe(time)),
  finishedAt: v.exactOptional(maybe(time)),
  message: v.exactOptional(text),
});

const dialer = v.looseObject({
  id: text,
  call: v.exactOptional(maybe(text)),
  status: v.exactOptional(text),
});

const notification = v.looseObject({
  user: text,
  notification: text,
  title: v.exactOptional(text),
  text: v.exactOptional(text),
});

const acknowledged = v.looseObject({ user: text, notification: text, at: time });

const conversation = v.looseObject({
  conversation: text,
  id: v.exactOptional(text),
  number: v.exactOptional(v.number()),
  author: v.exactOptional(text),
  text: v.exactOptional(text),
  at: v.exactOptional(time),
  summary_triggered: v.exactOptional(v.boolean()),
});

/** The row of each type of data message. */
export const rowSchemas = {
  new_call: call,
  call_update: call,
  extension_update: extension,
  new_recording: recording,
  recording_update: recording,
  link_update: link,
  'pbx-connected': connected,
  'pbx-disconnected': disconnected,
  cleanup_run: cleanupRun,
  import_progress: importRun,
  import_complete: importRun,
  import_error: importRun,
  parallel_call_started: dialer,
  parallel_call_status: dialer,
  parallel_call_connected: dialer,
  parallel_call_ended: dialer,
  'conference-ready': dialer,
  notification,
  notification_acknowledged: acknowledged,
  chat_message: conversation,
  chat_reply: conversation,
  thinking_start: conversation,
  thinking_end: conversation,
  extraction_start: conversation,
  extraction_complete: conversation,
  summary_complete: conversation,
} as const satisfies { readonly [Type in DataType]: v.GenericSchema<RowsByType[Type]> };
