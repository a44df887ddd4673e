import type { DataType } from '@trunkline/realtime-protocol';

export type Row = Readonly<Record<string, unknown>>;

/** The fields of a call that hold the number of somebody outside, or may: PBXs put a number where a name is missing. */
const numberFields = ['callerNumber', 'callerName', 'calleeNumber', 'calleeName', 'did', 'trunk'] as const;

/** [TOPIC5] Numbers of so few digits are phones of the house. */
const ownDigitsMax = 5;
const digitsShown = 3;

/** What a number looks like, however it is written. */
const dialled = /^[+\d\s().,;*#/-]+$/;
const digit = /\d/g;

/** A row for somebody who may not see phone numbers. The same object where there is nothing to hide. */
export function maskRow(type: DataType, row: Row): Row {
  if (type !== 'new_call' && type !== 'call_update') return row;
  let masked: Record<string, unknown> | undefined;
  for (const field of numberFields) {
    const value = row[field];
    if (typeof value !== 'string') continue;
    const hidden = maskNumber(value);
    if (hidden === value) continue;
    masked ??= { ...row };
    masked[field] = hidden;
  }
  return masked ?? row;
}

/** Hides the digits of a number but for its last three; any other text, and a short number, is left as it is. */
export function maskNumber(text: string): string {
  if (!dialled.test(text)) return text;
  const digits = text.match(digit)?.length ?? 0;
  if (digits <= ownDigitsMax) return text;
  let left = digits - digitsShown;
  return text.replaceAll(digit, (one) => (left-- > 0 ? '•' : one));
}
