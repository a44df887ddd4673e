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
  },
});
