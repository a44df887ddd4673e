import type { ShownRow, Transaction } from '@trunkline/database';
import { shownMessageColumns } from './shown-message.ts';

/** The newest messages of a conversation, the oldest of them first. Under `forTenant`. */
export async function readNewestMessages(
  transaction: Transaction,
  conversation: string,
  newest: number,
): Promise<ShownRow[]> {
  const found = await transaction.query<{ row: string }>(
    `select row_to_json(shown)::text as row from (
       select ${shownMessageColumns} from conversation_message m
       where m.conversation_id = $1 order by m.number desc limit $2
     ) as shown order by shown.number`,
    [conversation, newest],
  );
  return found.map(({ row }) => JSON.parse(row) as ShownRow);
}
