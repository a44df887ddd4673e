import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

export const RecordingEntity = defineEntity({
  name: 'Recording',
  tableName: 'recording',
  filters: tenantFilter,
  properties: {
    pbxId: p.uuid().primary(),
    recordingKey: p.text().primary(),
    tenantId: p.uuid(),
    readyAt: p.datetime(),
    readyVersion: p.bigint(),
    callKey: p.text().nullable(),
    callVersion: p.bigint().nullable(),
    durationSeconds: p.integer().nullable(),
    durationVersion: p.bigint().nullable(),
    revision: p.integer().default(1),
    id: p.uuid().defaultRaw('gen_random_uuid()'),
    status: p.text().default('pending'),
    attempts: p.integer().default(0),
    dueAt: p.datetime().defaultRaw('clock_timestamp()'),
    claim: p.uuid().nullable(),
    claimedUntil: p.datetime().nullable(),
    problem: p.text().nullable(),
    contentType: p.text().nullable(),
    bytes: p.bigint().nullable(),
    sha256: p.text().nullable(),
    storedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
    fileKey: p.text().nullable(),
  },
});
