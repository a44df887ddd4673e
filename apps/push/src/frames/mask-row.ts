import type { DataType } from '@trunkline/realtime-protocol';
import { redactPhoneField } from '@trunkline/service-kit';

export type Row = Readonly<Record<string, unknown>>;

/**
 * [TOPIC5] The fields of a call that hold the number of somebody outside, or may: PBXs put a number where a name is missing. No
 * others: by their keys clients know calls and phones again.
 */
const numberFields = ['callerNumber', 'callerName', 'calleeNumber', 'calleeName', 'did', 'trunk'] as const;

/** A row for somebody who may not see phone numbers. The same object where there is nothing to hide. */
export function maskRow(type: DataType, row: Row): Row {
  if (type !== 'new_call' && type !== 'call_update') return row;
  let masked: Record<string, unknown> | undefined;
  for (const field of numberFields) {
    const value = row[field];
    if (typeof value !== 'string') continue;
    const hidden = redactPhoneField(value);
    if (hidden === value) continue;
    masked ??= { ...row };
    masked[field] = hidden;
  }
  return masked ?? row;
}
