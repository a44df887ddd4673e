import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { redactSecrets } from '../logs/redact-secrets.ts';
import { assert } from '../primitives/assert.ts';
import { fileVariableOf, type Setting } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type ReadResult =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: string };

/** A mounted secret is a line or a key; anything bigger is the wrong file. */
const SECRET_FILE_BYTES_MAX = 64 * 1_024;
const SHOWN_LENGTH_MAX = 80;

/** Reads one setting. A variable that is set to nothing counts as not set, as compose files and Helm charts leave it. */
export function readSetting(setting: Setting<unknown>, env: Environment): ReadResult {
  const given = findText(setting, env);
  if (given.kind === 'problem') return given;
  if (given.kind === 'text') return parse(setting, given.text);
  if (setting.default !== undefined) return parseDefault(setting, setting.default.value);
  return setting.optional ? { kind: 'value', value: undefined } : { kind: 'problem', problem: 'is not set' };
}

type Found =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'problem'; readonly problem: string };

function findText({ variable, secret }: Setting<unknown>, env: Environment): Found {
  const direct = env[variable] ?? '';
  const fileVariable = fileVariableOf(variable);
  const path = secret ? (env[fileVariable] ?? '') : '';
  if (direct !== '' && path !== '') {
    return { kind: 'problem', problem: `and ${fileVariable} are both set, and only one of them may be` };
  }
  if (path !== '') return readSecretFile(path, fileVariable);
  return direct === '' ? { kind: 'nothing' } : { kind: 'text', text: direct };
}

/** Editors and `echo` leave a line break at the end, which is never part of a secret. */
function readSecretFile(path: string, fileVariable: string): Found {
  try {
    const content = readFileSync(path);
    if (content.length > SECRET_FILE_BYTES_MAX) {
      return { kind: 'problem', problem: `is too long in the file that ${fileVariable} names` };
    }
    const text = content.toString('utf8').replace(/\r?\n$/, '');
    return text === ''
      ? { kind: 'problem', problem: `is empty in the file that ${fileVariable} names` }
      : { kind: 'text', text };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { kind: 'problem', problem: `can't be read from the file that ${fileVariable} names (${code})` };
  }
}

function parse(setting: Setting<unknown>, text: string): ReadResult {
  const parsed = v.safeParse(setting.schema, text, { abortEarly: true });
  if (parsed.success) return { kind: 'value', value: parsed.output };
  const [issue] = parsed.issues;
  return {
    kind: 'problem',
    problem: setting.secret ? secretProblem(issue, text) : shownProblem(issue, text),
  };
}

function shownProblem(issue: v.BaseIssue<unknown>, text: string): string {
  const shown = text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
  return `${issue.message}, not "${redactSecrets(shown)}"`;
}

/** Schemas of others may quote what they received, and then their message stays unsaid. */
function secretProblem(issue: v.BaseIssue<unknown>, text: string): string {
  const quotes = issue.kind !== 'transformation' || issue.message.includes(text.trim());
  return quotes ? 'has a value that is not valid (it is a secret and not shown)' : issue.message;
}

function parseDefault(setting: Setting<unknown>, text: string): ReadResult {
  const parsed = v.safeParse(setting.schema, text);
  assert(parsed.success, `the default of ${setting.variable} passes its own schema`);
  return { kind: 'value', value: parsed.output };
}
