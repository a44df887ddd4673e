import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const WebhookAuditEntity = defineEntity({
  name: 'WebhookAudit',
  tableName: 'webhook_audit',
  filters: tenantFilter,
  properties: {
    id: p.bigint().primary(),
    tenantId: p.uuid(),
    endpointId: p.uuid(),
    at: p.datetime().defaultRaw('clock_timestamp()'),
    action: p.text(),
    by: p.text(),
    detail: p.text().nullable(),
  },
});
