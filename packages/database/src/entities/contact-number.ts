import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const ContactNumberEntity = defineEntity({
  name: 'ContactNumber',
  tableName: 'contact_number',
  filters: tenantFilter,
  properties: {
    tenantId: p.uuid().primary(),
    number: p.text().primary(),
    contactId: p.uuid().primary(),
    seq: p.bigint().generated('identity'),
    label: p.text().nullable(),
  },
});
