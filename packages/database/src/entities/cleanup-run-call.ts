import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

/** What a sweep did with one call. */
export const CleanupRunCallEntity = defineEntity({
  name: 'CleanupRunCall',
  tableName: 'cleanup_run_call',
  filters: tenantFilter,
  properties: {
    runId: p.uuid().primary(),
    pbxId: p.uuid().primary(),
    callKey: p.text().primary(),
    why: p.text().primary(),
    tenantId: p.uuid(),
    liveness: p.text().nullable(),
    outcome: p.text(),
    detail: p.text().nullable(),
    at: p.datetime().defaultRaw('clock_timestamp()'),
    spokeAgainAt: p.datetime().nullable(),
  },
});
