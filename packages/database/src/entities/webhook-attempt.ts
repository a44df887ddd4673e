import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const WebhookAttemptEntity = defineEntity({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempt',
  filters: tenantFilter,
  properties: {
    id: p.bigint().primary(),
    tenantId: p.uuid(),
    deliveryId: p.uuid(),
    round: p.integer(),
    number: p.integer(),
    at: p.datetime(),
    durationMs: p.integer(),
    outcome: p.text(),
    httpStatus: p.integer().nullable(),
    error: p.text().nullable(),
    response: p.text().nullable(),
  },
});
