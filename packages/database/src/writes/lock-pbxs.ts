import type { PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/**
 * Batches of words share a PBX, whoever raises a floor has it alone, so that a late word and the floor above it never
 * pass each other unseen. Shared is FOR KEY SHARE, the weakest there is: renewing a lease does not wait for it.
 */
export type PbxLock = 'for key share' | 'for update';

/** Locks PBXs in the order of their ids, as everybody does, and tells whose they are. Those that nobody has added, or that somebody has removed, are left out. */
export async function lockPbxs(
  transaction: Transaction,
  pbxs: readonly PbxId[],
  lock: PbxLock,
): Promise<ReadonlyMap<PbxId, TenantId>> {
  const rows = await transaction.query<{ id: PbxId; tenant_id: TenantId }>(
    `select id, tenant_id from pbx where id = any($1::uuid[]) order by id ${lock}`,
    [pbxs],
  );
  return new Map(rows.map((row) => [row.id, row.tenant_id]));
}
