import type { ExtensionStatus, PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { listExtensions, type ListedExtension } from './list-extensions.ts';

/** A phone with what was last said of it, of which what is shown follows. */
export interface ExtensionDetail extends ListedExtension {
  readonly word: {
    readonly status: ExtensionStatus;
    readonly at: Date;
    /** The version whose state it speaks of, and at which it was said. */
    readonly asOf: string;
    readonly said: string;
  };
}

/** One phone; null where there is none. */
export async function readExtension(
  transaction: Transaction,
  { pbx, number }: { readonly pbx: PbxId; readonly number: string },
): Promise<ExtensionDetail | null> {
  const [found] = (await listExtensions(transaction, { pbx, number }, { limit: 1 })).items;
  const [word] = await transaction.query<{ status: ExtensionStatus; at: string; asOf: string; said: string }>(
    `select word_status as status, word_at as at, word_as_of::text as "asOf", word_said::text as said
     from extension where pbx_id = $1 and number = $2`,
    [pbx, number],
  );
  if (found === undefined || word === undefined) return null;
  return { ...found, word: { ...word, at: new Date(word.at) } };
}
