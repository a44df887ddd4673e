import type { PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

/**
 * Wishes for a snapshot of these PBXs, in the transaction that found the reason. Unknown ones are passed over; a wish
 * that nobody has taken yet stands for all that come after it, with the first reason.
 */
export async function wantSnapshot(
  transaction: Transaction,
  pbxs: readonly string[],
  because: string,
): Promise<void> {
  await transaction.query(
    `insert into snapshot_wish (pbx_id, because)
     select pbx_id, $2 from pbx_link where pbx_id::text = any($1::text[]) order by pbx_id
     on conflict (pbx_id) do nothing`,
    [[...new Set(pbxs)], because],
  );
}

/**
 * Takes the wish before the snapshot is begun, so that whatever is found meanwhile makes a new one. Null when there is
 * none, or when the transaction that makes it is still under way.
 */
export async function takeSnapshotWish(transaction: Transaction, pbx: PbxId): Promise<string | null> {
  const [row] = await transaction.query<{ because: string }>(
    `delete from snapshot_wish where pbx_id in (
       select pbx_id from snapshot_wish where pbx_id = $1 for update skip locked
     ) returning because`,
    [pbx],
  );
  return row?.because ?? null;
}
