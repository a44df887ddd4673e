import { OffsetStore } from './offset-store.ts';
import type { SqlTransaction, Transactions } from './ports.ts';

export const EPOCHS_KEPT = 8;
export const DAYS_KEPT = 7;

export interface PruneOptions<Tx extends SqlTransaction> {
  readonly group: string;
  readonly transactions: Transactions<Tx>;
  readonly epochsKept?: number;
  readonly daysKept?: number;
}

/**
 * Forgets the windows of old epochs: each source keeps its newest ones, and whatever was written in the last days. A late
 * word of a forgotten epoch would count from the start again; the merge of its payload makes it lose all the same. Cheap
 * enough for once an hour, by any replica. Returns how many were forgotten.
 */
export async function pruneProgress<Tx extends SqlTransaction>(options: PruneOptions<Tx>): Promise<number> {
  const { group, transactions, epochsKept = EPOCHS_KEPT, daysKept = DAYS_KEPT } = options;
  return await transactions.run((tx) => new OffsetStore(group).prune(tx, epochsKept, daysKept));
}
