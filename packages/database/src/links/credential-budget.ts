import type { PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/**
 * Logins that a PBX refused in a row, for the credential that is known by this mark: another one begins anew. It is kept
 * here, whoever tries, because the PBX counts too and blocks the address of who fails too often.
 */
export async function countCredentialFailure(
  transaction: Transaction,
  pbx: PbxId,
  mark: string,
): Promise<number> {
  const [row] = await transaction.query<{ failures: number }>(
    `update pbx_link l set credential_mark = $2,
       credential_failures = case when l.credential_mark = $2 then l.credential_failures + 1 else 1 end
     where l.pbx_id = $1 returning l.credential_failures as failures`,
    [pbx, mark],
  );
  return row?.failures ?? 1;
}

export async function credentialFailures(
  transaction: Transaction,
  pbx: PbxId,
  mark: string,
): Promise<number> {
  const [row] = await transaction.query<{ failures: number }>(
    `select credential_failures as failures from pbx_link where pbx_id = $1 and credential_mark = $2`,
    [pbx, mark],
  );
  return row?.failures ?? 0;
}

/** A login went well, or an operator wants another try. */
export async function clearCredentialFailures(transaction: Transaction, pbx: PbxId): Promise<void> {
  await transaction.query(
    `update pbx_link set credential_failures = 0 where pbx_id = $1 and credential_failures > 0`,
    [pbx],
  );
}

/** Asks whoever holds the link to try now, whatever it waits for but a block. Returns whether the PBX is known. */
export async function wantRetry(transaction: Transaction, pbx: PbxId): Promise<boolean> {
  const rows = await transaction.query(
    `update pbx_link set retry_wanted_at = clock_timestamp(), credential_failures = 0 where pbx_id = $1
     returning pbx_id`,
    [pbx],
  );
  return rows.length > 0;
}

/** Whether there was such a wish; there is none any more. */
export async function takeRetryWish(transaction: Transaction, pbx: PbxId): Promise<boolean> {
  const rows = await transaction.query(
    `update pbx_link set retry_wanted_at = null where pbx_id = $1 and retry_wanted_at is not null
     returning pbx_id`,
    [pbx],
  );
  return rows.length > 0;
}
