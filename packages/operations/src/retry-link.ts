import { liftBlocks, wantRetry, type ListedPbx, type Transaction } from '@trunkline/database';

type Block = ListedPbx['link']['blocks'][number];

export type RetryResult =
  | { readonly outcome: 'wanted' }
  /** The PBX blocks our address, and nobody said that it was released there. */
  | { readonly outcome: 'blocked'; readonly block: Block };

/** Has a link tried now, with a new budget of logins. A block of the PBX stands, unless it was lifted there. */
export async function retryLink(
  transaction: Transaction,
  { id, link }: Pick<ListedPbx, 'id' | 'link'>,
  { unblocked }: { readonly unblocked: boolean },
): Promise<RetryResult> {
  const [block] = link.blocks;
  if (block !== undefined && !unblocked) return { outcome: 'blocked', block };
  await liftBlocks(transaction, id);
  await wantRetry(transaction, id);
  return { outcome: 'wanted' };
}
