import { defineEntity, p } from '@mikro-orm/postgresql';

export const OutboxMessageEntity = defineEntity({
  name: 'OutboxMessage',
  tableName: 'outbox',
  properties: {
    id: p.bigint().primary(),
    tenantId: p.uuid(),
    payload: p.text(),
    traceparent: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
