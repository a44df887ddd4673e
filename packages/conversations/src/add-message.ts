import { changesToPostings, postOutbox, type Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { shownMessageColumns } from './shown-message.ts';

export interface NewMessage {
  readonly tenant: TenantId;
  readonly conversation: string;
  /** Whose conversation it is alone, null for one of the whole tenant; counts for the message that opens it. */
  readonly owner: string | null;
  readonly author: string;
  /** The name that its author gave it: what comes again under it is the same message. */
  readonly id: string;
  readonly text: string;
}

export type AddedMessage =
  /** It is in the conversation, by this call or by an earlier one. */
  | { readonly outcome: 'added' | 'known'; readonly number: number }
  /** The author used the name before for another text. */
  | { readonly outcome: 'reused' }
  | { readonly outcome: 'no tenant' };

/**
 * Adds a message to a conversation, which its first message opens, and posts it in the same transaction. The row of the conversation
 * is locked from here to the commit, so numbers follow one another without a gap, messages of the outbox are numbered in
 * the same order, and of two that bring the same message one finds it there.
 */
export async function addMessage(transaction: Transaction, message: NewMessage): Promise<AddedMessage> {
  const { tenant, conversation, owner, author, id, text } = message;
  const [opened] = await transaction.query<{ messages: number }>(
    `insert into conversation as known (tenant_id, id, owner)
     select t.id, $2, $3 from tenant t where t.id = $1
     on conflict (tenant_id, id) do update set messages = known.messages
     returning messages`,
    [tenant, conversation, owner],
  );
  if (opened === undefined) return { outcome: 'no tenant' };
  const [known] = await transaction.query<{ number: number; text: string }>(
    `select number, text from conversation_message
     where tenant_id = $1 and conversation_id = $2 and author = $3 and message_id = $4`,
    [tenant, conversation, author, id],
  );
  if (known !== undefined)
    return known.text === text ? { outcome: 'known', number: known.number } : { outcome: 'reused' };
  const number = opened.messages + 1;
  const place = [tenant, conversation, number];
  const [row] = await transaction.query<{ rows: string }>(
    `with counted as (
       update conversation set messages = $3 where tenant_id = $1 and id = $2
     ), m as (
       insert into conversation_message (tenant_id, conversation_id, number, author, message_id, text)
       values ($1, $2, $3, $4, $5, $6) returning *
     )
     select row_to_json(shown)::text as rows from (select ${shownMessageColumns} from m) as shown`,
    [...place, author, id, text],
  );
  const postings = changesToPostings({ chat_message: [{ tenant, rows: row?.rows ?? '' }] });
  const [posted] = await postOutbox(transaction, postings);
  await transaction.query(
    `update conversation_message set outbox_id = $4 where tenant_id = $1 and conversation_id = $2 and number = $3`,
    [...place, posted?.id],
  );
  return { outcome: 'added', number };
}
