import * as v from 'valibot';
import { limits } from '../limits.ts';
import type { Up, UpType } from '../up.ts';
import { epoch, offset, pingId, topic, word } from './parts.ts';

const listOf = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.array(schema), v.minLength(1), v.maxLength(limits.topicsAtOnceMax));

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const number = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

const wanted = v.variant('kind', [
  v.object({ kind: v.literal('hang_up'), pbx: v.pipe(v.string(), v.uuid()), call: id }),
  v.object({
    kind: v.literal('originate'),
    pbx: v.pipe(v.string(), v.uuid()),
    from: number,
    to: number,
    callerName: v.exactOptional(v.pipe(v.string(), v.maxLength(128))),
  }),
  v.object({ kind: v.literal('acknowledge'), notification: id }),
  v.object({
    kind: v.literal('send_message'),
    conversation: id,
    message: word,
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.textLettersMax)),
  }),
]);

const wish = v.pipe(
  v.object({ topic, epoch: v.exactOptional(epoch), offset: v.exactOptional(offset) }),
  v.check((one) => (one.epoch === undefined) === (one.offset === undefined), 'epoch and offset go together'),
);

/** Each message of a client. Fields that are not named are ignored. */
export const upSchemas = {
  auth: v.object({
    type: v.literal('auth'),
    token: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.tokenLettersMax)),
  }),
  subscribe: v.object({ type: v.literal('subscribe'), topics: listOf(wish) }),
  resume: v.object({ type: v.literal('resume'), topics: listOf(v.object({ topic, epoch, offset })) }),
  unsubscribe: v.object({ type: v.literal('unsubscribe'), topics: listOf(topic) }),
  ping: v.object({ type: v.literal('ping'), id: v.exactOptional(pingId) }),
  pong: v.object({ type: v.literal('pong'), id: v.exactOptional(pingId) }),
  command: v.object({
    type: v.literal('command'),
    id: word,
    key: word,
    expiresInMs: v.pipe(v.number(), v.minValue(0), v.maxValue(limits.commandMsMax)),
    command: wanted,
  }),
} as const satisfies { readonly [Type in UpType]: v.GenericSchema<Extract<Up, { type: Type }>> };

/** What was read of a client's words. */
export type ReadUp =
  | { readonly ok: true; readonly message: Up }
  | { readonly ok: false; readonly kind: 'malformed' | 'unknown_type'; readonly problem: string };

/** Reads a message of a client, as text. */
export function readUp(text: string): ReadUp {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('the message is no JSON');
  }
  const typed = v.safeParse(v.object({ type: v.string() }), value);
  if (!typed.success) return malformed('a message is an object with a "type"');
  const { type } = typed.output;
  if (!Object.hasOwn(upSchemas, type)) {
    return { ok: false, kind: 'unknown_type', problem: `there is no message "${type.slice(0, 64)}"` };
  }
  const read = v.safeParse(upSchemas[type as UpType], value);
  if (read.success) return { ok: true, message: read.output };
  const [issue] = read.issues;
  return malformed(`${type}: ${v.getDotPath(issue) ?? 'it'}: ${issue.message.slice(0, 200)}`);
}

const malformed = (problem: string): ReadUp => ({ ok: false, kind: 'malformed', problem });
