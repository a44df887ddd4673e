import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const WebhookEndpointEntity = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoint',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    url: p.text(),
    description: p.text().nullable(),
    types: p.array().nullable(),
    pbxIds: p.array().nullable(),
    parallel: p.integer(),
    state: p.text().default('enabled'),
    stateReason: p.text().nullable(),
    stateSince: p.datetime().defaultRaw('clock_timestamp()'),
    failingSince: p.datetime().nullable(),
    failures: p.integer().default(0),
    lastSuccessAt: p.datetime().nullable(),
    lastFailureAt: p.datetime().nullable(),
    lastError: p.text().nullable(),
    gapSince: p.datetime().nullable(),
    gapMissed: p.bigint().default(0),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
    revision: p.integer().default(1),
  },
});
