import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

/** What a cleanup changed of one call or phone. */
export const CleanupRunChangeEntity = defineEntity({
  name: 'CleanupRunChange',
  tableName: 'cleanup_run_change',
  filters: tenantFilter,
  properties: {
    runId: p.uuid().primary(),
    kind: p.text().primary(),
    key: p.text().primary(),
    tenantId: p.uuid(),
    was: p.text(),
    became: p.text(),
  },
});
