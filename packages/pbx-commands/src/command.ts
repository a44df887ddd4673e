import * as v from 'valibot';

const keyLengthMax = 256;
const numberLengthMax = 64;

const key = v.pipe(v.string(), v.minLength(1), v.maxLength(keyLengthMax));
/** Nothing in it can mean more than a number to a PBX: no second phone, no technology, no header, no path. */
export const dialledNumber = /^[\w+*#.@-]+$/;
const number = v.pipe(
  v.string(),
  v.maxLength(numberLengthMax),
  v.regex(dialledNumber, 'a number must be as one dials it'),
);

const name = v.pipe(
  v.string(),
  v.maxLength(keyLengthMax),
  v.regex(/^[^\p{Cc}\p{Cs}]*$/u, 'a name must not hold control characters'),
);

/** What may be asked of a PBX. */
export const commandSchema = v.variant('kind', [
  /** Take a snapshot now and publish it. */
  v.strictObject({ kind: v.literal('snapshot') }),
  v.strictObject({ kind: v.literal('isAlive'), call: key }),
  /** Ring `from` and, when that answers, dial `to`. `id` names the wish, so that a PBX may know it again. */
  v.strictObject({
    kind: v.literal('originate'),
    from: number,
    to: number,
    callerName: v.optional(name),
    id: key,
  }),
  v.strictObject({ kind: v.literal('hangUp'), call: key }),
]);

export type Command = v.InferOutput<typeof commandSchema>;
export type CommandKind = Command['kind'];

/** What it answers, when it went well. */
export const resultSchemas = {
  snapshot: v.object({ calls: v.number(), extensions: v.nullable(v.number()) }),
  isAlive: v.picklist(['alive', 'gone', 'unknown']),
  originate: v.object({ call: v.nullable(v.string()) }),
  hangUp: v.picklist(['done', 'gone']),
} as const satisfies Record<CommandKind, v.GenericSchema>;

export type ResultOf<Kind extends CommandKind> = v.InferOutput<(typeof resultSchemas)[Kind]>;
export type CommandResult = ResultOf<CommandKind>;

/** What makes or ends a call is wanted now or not at all: a phone that rings a minute later rings for nobody. */
export const isCallControl = ({ kind }: Command): boolean => kind === 'originate' || kind === 'hangUp';
