import { classifyField, type FieldKind } from './classify-field.ts';
import { redactPhoneField, redactPhoneNumbers } from './redact-phone-numbers.ts';
import { mayHoldSecret, REDACTED, redactSecrets } from './redact-secrets.ts';

export interface RedactionOptions {
  readonly redactPhoneNumbers: boolean;
}

/** Redaction of free text outside a log line, such as the message of a traced error. */
export function redactText(text: string, options: RedactionOptions): string {
  const withoutSecrets = redactSecrets(text);
  return options.redactPhoneNumbers ? redactPhoneNumbers(withoutSecrets) : withoutSecrets;
}

/**
 * Redacts one finished line of JSON, just before it is written.
 *
 * Working on the line and not on the values makes it total: whatever reached the line (message, field at any depth,
 * child binding, error, stack, cause, a toJSON nobody thought of) passes here once. It walks from string to
 * string and never parses, so numbers keep all their digits. The kind of the nearest field name before a
 * value decides: a secret's value goes whole whatever its type, a phone field is masked, other strings are searched.
 */
export function redactLine(line: string, options: RedactionOptions): string {
  const search = { ...options, secrets: mayHoldSecret(line) };
  let redacted = '';
  let copied = 0;
  let kind: FieldKind = 'plain';
  let open = line.indexOf('"');
  while (open !== -1) {
    const close = closingQuote(line, open + 1);
    let next = close + 1;
    const isName = line[next] === ':';
    if (isName) kind = classifyField(line.slice(open + 1, close));

    const from = isName ? next + 1 : open;
    const replacement = isName
      ? redactUnquoted(line, from, kind, options)
      : redactString(line, open, close, kind, search);
    if (replacement !== undefined) {
      redacted += line.slice(copied, from) + replacement.text;
      copied = replacement.end;
      next = replacement.end;
    }
    open = line.indexOf('"', next);
  }
  return copied === 0 ? line : redacted + line.slice(copied);
}

/** What to look for in the strings of one line. */
interface Search extends RedactionOptions {
  readonly secrets: boolean;
}

interface Replacement {
  readonly text: string;
  readonly end: number;
}

function redactString(
  line: string,
  open: number,
  close: number,
  kind: FieldKind,
  search: Search,
): Replacement | undefined {
  const text = line.slice(open + 1, close);
  const safe = redactValue(text, kind, search);
  return safe === text ? undefined : { text: `"${safe}"`, end: close + 1 };
}

function redactValue(text: string, kind: FieldKind, search: Search): string {
  const withoutSecrets = search.secrets ? redactSecrets(text) : text;
  if (!search.redactPhoneNumbers) return withoutSecrets;
  if (kind === 'phone number') return redactPhoneField(withoutSecrets);
  const isBareId = kind === 'plain' && /^\d+$/.test(withoutSecrets);
  return isBareId ? withoutSecrets : redactPhoneNumbers(withoutSecrets);
}

/** Values that the name alone decides: any value of a secret, and a phone number that is written as a number. */
function redactUnquoted(
  line: string,
  from: number,
  kind: FieldKind,
  options: RedactionOptions,
): Replacement | undefined {
  if (kind === 'secret' && !/[ntf]/.test(line[from] ?? 'n')) {
    return { text: `"${REDACTED}"`, end: endOfValue(line, from) };
  }
  if (kind === 'phone number' && options.redactPhoneNumbers && isDigit(line[from])) {
    const end = endOfValue(line, from);
    const masked = redactPhoneField(line.slice(from, end));
    return masked === line.slice(from, end) ? undefined : { text: `"${masked}"`, end };
  }
  return undefined;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/** The quote that ends the string starting at `from`: the first one with an even number of backslashes before it. */
function closingQuote(line: string, from: number): number {
  let quote = line.indexOf('"', from);
  while (quote !== -1 && isEscaped(line, quote, from)) quote = line.indexOf('"', quote + 1);
  return quote === -1 ? line.length : quote;
}

function isEscaped(line: string, quote: number, from: number): boolean {
  let backslashes = 0;
  while (quote - backslashes > from && line[quote - backslashes - 1] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** Where the JSON value that starts at `from` ends, counting brackets and stepping over strings. */
function endOfValue(line: string, from: number): number {
  let depth = 0;
  for (let at = from; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"') at = closingQuote(line, at + 1);
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
    } else if (character === ',' && depth === 0) return at;
    if (depth === 0 && (character === '"' || character === '}' || character === ']')) return at + 1;
  }
  return line.length;
}
