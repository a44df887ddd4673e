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
    /** Null for a PBX that only tests and imports know: nobody connects to it. */
    address: p.text().nullable(),
    /** `public`, `sha256:<hex>` or the certificate of an authority in PEM form. */
    trust: p.text().default('public'),
    /** The name under which processes find user and secret; never these themselves. */
    credential: p.text().nullable(),
    options: p.json<Record<string, unknown>>().defaultRaw(`'{}'`),
    enabled: p.boolean().default(true),
    removedAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
