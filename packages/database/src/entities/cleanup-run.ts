import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const CleanupRunEntity = defineEntity({
  name: 'CleanupRun',
  tableName: 'cleanup_run',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    pbxId: p.uuid().nullable(),
    kind: p.text(),
    sweepId: p.uuid().nullable(),
    version: p.bigint().nullable(),
    reason: p.text().nullable(),
    counts: p.json<Record<string, number>>(),
    startedAt: p.datetime().defaultRaw('now()'),
    finishedAt: p.datetime().nullable(),
    cause: p.text().nullable(),
    /** When what it cleans up after happened, as whoever saw it says. */
    happenedAt: p.datetime().nullable(),
    /** When the grace period of a disconnect is over. */
    dueAt: p.datetime().nullable(),
    /** A reconnect with a snapshot came within the grace period, so nothing was cleaned up. */
    spared: p.boolean().default(false),
    revision: p.integer().default(1),
  },
});
