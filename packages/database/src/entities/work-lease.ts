import { defineEntity, p } from '@mikro-orm/postgresql';

/** Work that one alone does at a time, and who does it. */
export const WorkLeaseEntity = defineEntity({
  name: 'WorkLease',
  tableName: 'work_lease',
  properties: {
    name: p.text().primary(),
    holder: p.uuid(),
    takenAt: p.datetime().defaultRaw('clock_timestamp()'),
    expiresAt: p.datetime(),
  },
});
