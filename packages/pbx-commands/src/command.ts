import * as v from 'valibot';

const keyLengthMax = 256;
const numberLengthMax = 64;

const key = v.pipe(v.string(), v.minLength(1), v.maxLength(keyLengthMax));
const number = v.pipe(v.string(), v.minLength(1), v.maxLength(numberLengthMax));

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
    callerName: v.optional(v.pipe(v.string(), v.maxLength(keyLengthMax))),
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
