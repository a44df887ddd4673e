import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const ConversationMessageEntity = defineEntity({
  name: 'ConversationMessage',
  tableName: 'conversation_message',
  filters: tenantFilter,
  properties: {
    tenantId: p.uuid().primary(),
    conversationId: p.text().primary(),
    number: p.integer().primary(),
    author: p.text(),
    messageId: p.text(),
    text: p.text(),
    at: p.datetime().defaultRaw('clock_timestamp()'),
    outboxId: p.bigint().nullable(),
  },
});
