import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const ConversationEntity = defineEntity({
  name: 'Conversation',
  tableName: 'conversation',
  filters: tenantFilter,
  properties: {
    tenantId: p.uuid().primary(),
    id: p.text().primary(),
    owner: p.text().nullable(),
    messages: p.integer().default(0),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});
