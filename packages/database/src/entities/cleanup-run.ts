import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const CleanupRunEntity = defineEntity({
  name: 'CleanupRun',
  tableName: 'cleanup_run',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    pbxId: p.uuid().nullable(),
    kind: p.text(),
    version: p.bigint().nullable(),
    reason: p.text().nullable(),
    counts: p.json<Record<string, number>>(),
    startedAt: p.datetime().defaultRaw('now()'),
    finishedAt: p.datetime().nullable(),
  },
});
