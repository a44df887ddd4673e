import * as v from 'valibot';
import { Problem } from './problem.ts';

/** More would be noise: whoever sends a hundred wrong fields has another problem. */
const errorsMax = 10;

/** Checks a part of a request; a Problem names each wrong field and says what it should be. */
export function parseInput(
  part: 'path' | 'query' | 'body',
  schema: v.GenericSchema | undefined,
  value: unknown,
): unknown {
  if (schema === undefined) return undefined;
  // A list has no fields that could be wrong, so a schema of an object would take an empty one for an empty object.
  if (Array.isArray(value)) throw new Problem('unprocessable', `The ${part} must be an object, not a list`);
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const errors = parsed.issues.slice(0, errorsMax).map((issue) => ({
    in: part,
    field: v.getDotPath(issue) ?? '',
    problem: describe(issue),
  }));
  const detail = errors
    .map(({ field, problem }) => `${field === '' ? `the ${part}` : field}: ${problem}`)
    .join('; ');
  // A well-formed body that asks for nonsense is 422; anything else is not understood at all.
  const kind = part === 'body' ? 'unprocessable' : 'invalid';
  throw new Problem(kind, `Something in the ${part} is wrong. ${detail}`, { more: { errors } });
}

function describe(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'is not known here; leave it out';
  if (issue.received === 'undefined' && issue.kind === 'schema')
    return `is missing; it must be ${issue.expected ?? 'given'}`;
  return issue.message.replace(/^Invalid \w+: Expected (.*) but received .*$/s, 'must be $1');
}
