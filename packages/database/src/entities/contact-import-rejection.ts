import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const ContactImportRejectionEntity = defineEntity({
  name: 'ContactImportRejection',
  tableName: 'contact_import_rejection',
  filters: tenantFilter,
  properties: {
    importId: p.uuid().primary(),
    tenantId: p.uuid(),
    row: p.bigint().primary(),
    reasons: p.array(),
    cells: p.array(),
  },
});
