import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const CallEntity = defineEntity({
  name: 'Call',
  tableName: 'call',
  filters: tenantFilter,
  properties: {
    pbxId: p.uuid().primary(),
    callKey: p.text().primary(),
    tenantId: p.uuid(),

    startedAt: p.datetime(),
    answeredAt: p.datetime().nullable(),
    answeredApproximate: p.boolean().default(false),
    direction: p.text().nullable(),
    trunk: p.text().nullable(),
    did: p.text().nullable(),
    routeVersion: p.bigint().nullable(),
    callerNumber: p.text().nullable(),
    callerName: p.text().nullable(),
    callerVersion: p.bigint().nullable(),
    calleeNumber: p.text().nullable(),
    calleeName: p.text().nullable(),
    calleeVersion: p.bigint().nullable(),
    /** For searches by the last digits. */
    callerReversed: p.text().nullable().persist(false),
    calleeReversed: p.text().nullable().persist(false),
    talkTold: p.integer().nullable(),

    wordAsOf: p.bigint(),
    wordSaid: p.bigint(),
    wordRank: p.smallint(),
    wordStatus: p.text(),
    extensions: p.array(),
    /** All that ever took part; the database keeps it. */
    phones: p.array().nullable().persist(false),

    status: p.text(),
    endedAt: p.datetime().nullable(),
    hangupCause: p.text().nullable(),
    talkSeconds: p.integer().nullable().persist(false),
    verifiedAt: p.datetime().nullable(),
    revision: p.integer().default(1),
  },
});
