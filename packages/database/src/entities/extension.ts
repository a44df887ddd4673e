import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const ExtensionEntity = defineEntity({
  name: 'Extension',
  tableName: 'extension',
  filters: tenantFilter,
  properties: {
    pbxId: p.uuid().primary(),
    number: p.text().primary(),
    tenantId: p.uuid(),
    name: p.text().nullable(),
    nameVersion: p.bigint().nullable(),
    wordAsOf: p.bigint(),
    wordSaid: p.bigint(),
    wordRank: p.smallint(),
    wordStatus: p.text(),
    wordAt: p.datetime(),
    status: p.text(),
    lastSeenAt: p.datetime(),
    revision: p.integer().default(1),
  },
});
