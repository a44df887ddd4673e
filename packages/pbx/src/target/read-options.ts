import * as v from 'valibot';
import { recordingFields } from '../asterisk/recordings.ts';
import type { PbxOptions } from '../port/target.ts';
import { TargetError } from './target-error.ts';

const patternLengthMax = 200;

/** One group that finds a number or a name. A pattern that can't be compiled would end every frame's reading. */
const pattern = v.pipe(
  v.string(),
  v.maxLength(patternLengthMax),
  v.check(
    (text) => groupsOf(text) === 1,
    'must be a regular expression with exactly one group, such as ^PJSIP/(\\d+)-',
  ),
);

const word = v.pipe(
  v.string(),
  v.regex(/^[\w.-]{1,80}$/, 'must be a word of letters, digits, dots, dashes and underscores'),
);

const fieldForm = /\{([^{}]*)\}/g;
const known: ReadonlySet<string> = new Set(recordingFields);

/** Every recording of a PBX with a name that never changes would be the same recording. */
const recordingPattern = v.pipe(
  v.string(),
  v.maxLength(patternLengthMax),
  v.check(
    (text) => {
      const fields = [...text.matchAll(fieldForm)].map(([, field = '']) => field);
      return fields.length > 0 && fields.every((field) => known.has(field));
    },
    `must name the recorded channel by one of ${[...known].map((field) => `{${field}}`).join(', ')}, such as {uniqueid}.wav`,
  ),
);

const schema = v.strictObject({
  application: v.optional(word),
  extensionPattern: v.optional(pattern),
  trunkPattern: v.optional(pattern),
  context: v.optional(word),
  recordingPattern: v.optional(recordingPattern),
});

export function readOptions(options: unknown): PbxOptions {
  const read = v.safeParse(schema, options);
  if (read.success) return read.output;
  const [issue] = read.issues;
  const name = v.getDotPath(issue) ?? 'options';
  const names = Object.keys(schema.entries).join(', ');
  const remedy = issue.type === 'strict_object' ? ` Known are ${names}.` : '';
  throw new TargetError('options', `The option ${name} is not usable: ${issue.message}.${remedy}`);
}

function groupsOf(text: string): number | null {
  try {
    // An empty alternative always matches, so the match tells how many groups there are.
    return (new RegExp(`${text}|`).exec('')?.length ?? 0) - 1;
  } catch {
    return null;
  }
}
