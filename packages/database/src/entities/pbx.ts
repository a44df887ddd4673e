import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const PbxEntity = defineEntity({
  name: 'Pbx',
  tableName: 'pbx',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    name: p.text(),
    vendor: p.text(),
    epoch: p.bigint().default(0),
    leaseOwner: p.text().nullable(),
    leaseExpiresAt: p.datetime().nullable(),
    snapshotWantedAt: p.datetime().nullable(),
    snapshotWantedBecause: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
