import * as v from 'valibot';
import type { DataType } from '../data-types.ts';
import { isDataType } from '../data-types.ts';
import type { Down, DownType } from '../down.ts';
import { endings, type ProblemKind } from '../endings.ts';
import { epoch, ms, offset, pingId, topic, word } from './parts.ts';
import { rowSchemas } from './rows.ts';

const position = { epoch, offset };
const scopes = v.array(v.string());
const names = v.exactOptional(v.array(topic));

const hello = v.looseObject({
  type: v.literal('hello'),
  version: v.number(),
  time: v.pipe(v.string(), v.isoTimestamp()),
  heartbeatMs: ms,
  authWithinMs: ms,
  spreadMs: ms,
  limits: v.looseObject({
    messageBytesMax: ms,
    topicsMax: ms,
    messagesPerSecond: ms,
    messagesAtOnce: ms,
  }),
});

const result = v.variant('ok', [
  v.looseObject({
    type: v.literal('result'),
    id: word,
    ok: v.literal(true),
    result: v.looseObject({
      call: v.exactOptional(v.nullable(v.string())),
      gone: v.exactOptional(v.boolean()),
      number: v.exactOptional(v.number()),
    }),
  }),
  v.looseObject({
    type: v.literal('result'),
    id: word,
    ok: v.literal(false),
    problem: v.picklist([
      'not_allowed',
      'invalid',
      'expired',
      'key_reused',
      'too_many',
      'refused',
      'unavailable',
      'unanswered',
    ]),
    message: v.string(),
    nothingDone: v.boolean(),
  }),
]);

const snapshotRows = v.looseObject(
  Object.fromEntries(
    Object.entries(rowSchemas).map(([type, row]) => [type, v.exactOptional(v.array(row as v.GenericSchema))]),
  ),
);

/** Each message of a server but those with rows, which `dataSchema` makes. */
export const downSchemas = {
  hello,
  connected: v.looseObject({
    type: v.literal('connected'),
    connection: v.string(),
    tenant: v.string(),
    user: v.string(),
    scopes,
    expiresInMs: ms,
  }),
  renewed: v.looseObject({ type: v.literal('renewed'), scopes, expiresInMs: ms }),
  replayed: v.looseObject({ type: v.literal('replayed'), topic, ...position, count: ms }),
  reset: v.looseObject({
    type: v.literal('reset'),
    topic,
    ...position,
    reason: v.picklist(['new', 'lost', 'gap', 'slow']),
    resumable: v.boolean(),
  }),
  snapshot: v.looseObject({
    type: v.literal('snapshot'),
    topic,
    part: ms,
    last: v.boolean(),
    rows: snapshotRows,
  }),
  unsubscribed: v.looseObject({ type: v.literal('unsubscribed'), topic }),
  ping: v.looseObject({
    type: v.literal('ping'),
    id: v.exactOptional(pingId),
    epoch: v.exactOptional(epoch),
    offset: v.exactOptional(offset),
  }),
  pong: v.looseObject({ type: v.literal('pong'), id: v.exactOptional(pingId) }),
  delayed: v.looseObject({ type: v.literal('delayed'), topics: names }),
  fresh: v.looseObject({ type: v.literal('fresh'), topics: names }),
  moving: v.looseObject({ type: v.literal('moving'), afterMs: ms, closeInMs: ms }),
  result,
  error: v.looseObject({
    type: v.literal('error'),
    kind: v.picklist(Object.keys(endings) as [ProblemKind, ...ProblemKind[]]),
    message: v.string(),
    topic: v.exactOptional(topic),
    retryAfterMs: v.exactOptional(ms),
  }),
} as const satisfies { readonly [Type in Exclude<DownType, DataType>]: v.GenericSchema };

export const dataSchema = (type: DataType) =>
  v.looseObject({
    type: v.literal(type),
    topic,
    offset,
    more: v.exactOptional(v.literal(true)),
    rows: v.array(rowSchemas[type] as v.GenericSchema),
  });

/** Reads a message of a server, and throws where it is none: for tests, and for clients that would rather check. */
export function parseDown(text: string): Down {
  const value: unknown = JSON.parse(text);
  const { type } = v.parse(v.looseObject({ type: v.string() }), value);
  if (isDataType(type)) return v.parse(dataSchema(type), value) as unknown as Down;
  if (!Object.hasOwn(downSchemas, type)) throw new TypeError(`there is no message "${type}" of a server`);
  return v.parse(downSchemas[type as keyof typeof downSchemas], value);
}
