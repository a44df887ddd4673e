import { classifyField } from './classify-field.ts';
import { redactPhoneField, redactPhoneNumbers } from './redact-phone-numbers.ts';
import { REDACTED, redactSecrets } from './redact-secrets.ts';

/**
 * Removes secrets and masks phone numbers in a value that is shown to somebody, such as an answer or the data of a job.
 * Returns what JSON makes of it.
 *
 * Stricter than in a log, where a bare run of digits is more likely an id: here names of callers, trunks and phones stand
 * beside the numbers, and each of them is a number often enough. Only fields that are known to hold ids are spared.
 */
export function redactJson(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : redact(JSON.parse(text), '');
}

/** Ours or a vendor's ids, which are of no use when masked. */
const idFields = new Set(['call', 'calls', 'openCalls', 'version', 'id', 'jobId', 'next', 'at', 'timestamp']);

const looksLikeNumber = /^\+?[\d ().\\/-]+$/;

function redact(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((item) => redact(item, field));
  const kind = classifyField(field);
  if (kind === 'secret') return value === null ? null : REDACTED;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redact(member, name)]));
  }
  if (typeof value === 'number' && kind === 'phone number') return numberOrMask(value);
  if (typeof value !== 'string') return value;
  if (idFields.has(field)) return value;
  const text = redactSecrets(value);
  return kind === 'phone number' || looksLikeNumber.test(text)
    ? redactPhoneField(text)
    : redactPhoneNumbers(text);
}

function numberOrMask(value: number): unknown {
  const masked = redactPhoneField(String(value));
  return masked === String(value) ? value : masked;
}
