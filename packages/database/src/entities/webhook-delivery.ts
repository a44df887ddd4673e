import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const WebhookDeliveryEntity = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_delivery',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    seq: p.bigint(),
    tenantId: p.uuid(),
    endpointId: p.uuid(),
    type: p.text(),
    body: p.text(),
    status: p.text().default('waiting'),
    round: p.integer().default(1),
    attempts: p.integer().default(0),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
    nextAttemptAt: p.datetime().nullable(),
    lookAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    httpStatus: p.integer().nullable(),
    error: p.text().nullable(),
  },
});
