import type { CallKey, PbxId, Version } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/** Of these calls those that are shown ended. */
export async function endedAmong(
  transaction: Transaction,
  pbx: PbxId,
  calls: readonly CallKey[],
): Promise<CallKey[]> {
  if (calls.length === 0) return [];
  const rows = await transaction.query<{ call_key: CallKey }>(
    `select call_key from call where pbx_id = $1 and call_key = any($2::text[]) and status = 'ended'`,
    [pbx, calls],
  );
  return rows.map(({ call_key }) => call_key);
}

/** Whether a complete snapshot, phones included, of a state at or after this version is known already. */
export async function wasSuperseded(
  transaction: Transaction,
  pbx: PbxId,
  version: Version,
): Promise<boolean> {
  const rows = await transaction.query(
    `select from pbx_floor
     where pbx_id = $1 and as_of >= $2 and cause = 'reconciled' and covers_extensions limit 1`,
    [pbx, version],
  );
  return rows.length > 0;
}
