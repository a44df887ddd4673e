import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { RecordingError } from '../recording-error.ts';

export const keptDaysMax = 36_500;

/** How many days a tenant keeps recordings; null: until somebody deletes them. */
export async function setRetention(
  transaction: Transaction,
  tenant: TenantId,
  days: number | null,
): Promise<void> {
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= keptDaysMax))
    throw new RecordingError(
      'invalid',
      `Recordings are kept for 1 to ${keptDaysMax} days, or without an end`,
    );
  await transaction.query('update tenant set recordings_kept_days = $2 where id = $1', [tenant, days]);
}

export async function readRetention(transaction: Transaction, tenant: TenantId): Promise<number | null> {
  const [row] = await transaction.query<{ readonly days: number | null }>(
    'select recordings_kept_days as days from tenant where id = $1',
    [tenant],
  );
  return row?.days ?? null;
}
