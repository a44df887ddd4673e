import { takeOut, type Database, type Deliver, type OutboxMessage } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';

export interface ConversationName {
  readonly tenant: TenantId;
  readonly conversation: string;
}

/**
 * Relays what was added to a conversation and not told yet, in its order: two processes that relayed what they had committed would
 * race each other, and screens hear events in the order of the feed. So whoever relays holds the conversation, and takes along
 * what others have committed before. The janitor of the outbox locks its messages from the oldest on and passes over what is locked; here
 * they are locked from the newest on. So where both come at once it has the older ones, and these are waited for.
 */
export async function tellConversation(
  database: Pick<Database, 'transaction'>,
  deliver: Deliver,
  { tenant, conversation }: ConversationName,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('select from conversation where tenant_id = $1 and id = $2 for update', [
      tenant,
      conversation,
    ]);
    const messages = await transaction.query<OutboxMessage>(
      `select o.id, o.tenant_id as tenant, o.payload, o.traceparent
       from conversation_message m join outbox o on o.id = m.outbox_id
       where m.tenant_id = $1 and m.conversation_id = $2 and m.outbox_id is not null
       order by o.id desc for update of o`,
      [tenant, conversation],
    );
    if (messages.length === 0) return;
    await deliver(messages.toReversed());
    await takeOut(
      transaction,
      messages.map(({ id }) => id),
    );
    await transaction.query(
      `update conversation_message set outbox_id = null
       where tenant_id = $1 and conversation_id = $2 and outbox_id is not null`,
      [tenant, conversation],
    );
  });
}
