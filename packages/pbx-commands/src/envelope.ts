import * as v from 'valibot';
import { commandSchema, resultSchemas, type CommandKind, type ResultOf } from './command.ts';

/** A command on its way. Both times are those of Redis, so that nobody's clock matters. */
export const envelopeSchema = v.object({
  command: commandSchema,
  sentAt: v.number(),
  deadline: v.number(),
});

export type Envelope = v.InferOutput<typeof envelopeSchema>;

const refusals = ['too-late', 'refused', 'not-connected', 'failed'] as const;

/** How a command went at whoever holds the link. It travels as the job's return value: a refusal is no failure of the job. */
export type Outcome<Kind extends CommandKind = CommandKind> =
  | { readonly ok: true; readonly result: ResultOf<Kind> }
  | { readonly ok: false; readonly problem: (typeof refusals)[number]; readonly message: string };

export function readOutcome<Kind extends CommandKind>(kind: Kind, value: unknown): Outcome<Kind> {
  const done = v.object({ ok: v.literal(true), result: resultSchemas[kind] });
  const refused = v.object({ ok: v.literal(false), problem: v.picklist(refusals), message: v.string() });
  const outcome = v.safeParse(v.union([done, refused]), value);
  if (outcome.success) return outcome.output as Outcome<Kind>;
  return {
    ok: false,
    problem: 'failed',
    message: 'whoever holds the link answered in a way that is not understood',
  };
}
