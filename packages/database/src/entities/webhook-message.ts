import { defineEntity, p } from '@mikro-orm/postgresql';

/** A message of the outbox on its way to becoming deliveries. */
export const WebhookMessageEntity = defineEntity({
  name: 'WebhookMessage',
  tableName: 'webhook_message',
  properties: {
    id: p.bigint().primary(),
    tenantId: p.uuid(),
    payload: p.text(),
    createdAt: p.datetime(),
  },
});
