import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

/** One change of how a link stands. */
export const PbxLinkStepEntity = defineEntity({
  name: 'PbxLinkStep',
  tableName: 'pbx_link_step',
  filters: tenantFilter,
  properties: {
    id: p.bigint().primary(),
    pbxId: p.uuid(),
    tenantId: p.uuid(),
    at: p.datetime().defaultRaw('clock_timestamp()'),
    was: p.text(),
    state: p.text(),
    reason: p.text().nullable(),
    alarm: p.text().nullable(),
    nextAttemptAt: p.datetime().nullable(),
    epoch: p.bigint(),
    holder: p.text(),
  },
});
