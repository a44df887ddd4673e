import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const ContactImportEntity = defineEntity({
  name: 'ContactImport',
  tableName: 'contact_import',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    fileKey: p.text(),
    fileName: p.text(),
    bytes: p.bigint(),
    sha256: p.text(),
    isUtf8: p.boolean(),
    state: p.text().default('uploaded'),
    cancelWanted: p.boolean().default(false),
    plan: p.json().nullable(),
    createdBy: p.text(),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    rowsDone: p.bigint().default(0),
    bytesDone: p.bigint().default(0),
    created: p.bigint().default(0),
    updated: p.bigint().default(0),
    unchanged: p.bigint().default(0),
    skipped: p.bigint().default(0),
    rejected: p.bigint().default(0),
    problem: p.text().nullable(),
    revision: p.integer().default(1),
  },
});
