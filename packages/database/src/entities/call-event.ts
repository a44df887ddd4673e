import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

/** The audit trail: every event that was ever accepted, as it was said. */
export const CallEventEntity = defineEntity({
  name: 'CallEvent',
  tableName: 'call_event',
  filters: tenantFilter,
  properties: {
    pbxId: p.uuid().primary(),
    subject: p.text().primary(),
    version: p.bigint().primary(),
    at: p.datetime().primary(),
    tenantId: p.uuid(),
    type: p.text(),
    payload: p.text(),
    traceparent: p.text().nullable(),
  },
});
