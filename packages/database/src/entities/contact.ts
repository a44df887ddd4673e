import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const ContactEntity = defineEntity({
  name: 'Contact',
  tableName: 'contact',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    seq: p.bigint().generated('identity'),
    name: p.text().nullable(),
    company: p.text().nullable(),
    email: p.text().nullable(),
    tags: p.array(),
    notes: p.text().nullable(),
    sortKey: p.text(),
    importId: p.uuid().nullable(),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
    updatedAt: p.datetime().defaultRaw('clock_timestamp()'),
    revision: p.integer().default(1),
  },
});
