import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

/** How the link to a PBX stands and who holds it. There is one for each PBX. */
export const PbxLinkEntity = defineEntity({
  name: 'PbxLink',
  tableName: 'pbx_link',
  filters: tenantFilter,
  properties: {
    pbxId: p.uuid().primary(),
    tenantId: p.uuid(),
    epoch: p.bigint().default(0),
    leaseOwner: p.text().nullable(),
    leaseExpiresAt: p.datetime().nullable(),
    handedOverAt: p.datetime().nullable(),
    state: p.text().default('idle'),
    reason: p.text().nullable(),
    since: p.datetime().defaultRaw('now()'),
    nextAttemptAt: p.datetime().nullable(),
    alarm: p.text().nullable(),
    /** A connect was published and its disconnect not yet. */
    open: p.boolean().default(false),
    failures: p.integer().default(0),
    credentialFailures: p.integer().default(0),
    /** Of the credential that failed: another one has a budget of its own. */
    credentialMark: p.text().nullable(),
    retryWantedAt: p.datetime().nullable(),
    snapshotAt: p.datetime().nullable(),
    heardAt: p.datetime().nullable(),
    startMark: p.text().nullable(),
    product: p.text().nullable(),
    warnings: p.array(),
    revision: p.integer().default(1),
  },
});
