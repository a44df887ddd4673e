import { defineEntity, p } from '@mikro-orm/postgresql';

export const DeadLetterEntity = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letter',
  properties: {
    id: p.uuid().primary(),
    groupName: p.text(),
    shard: p.integer(),
    entryId: p.text(),
    source: p.text().nullable(),
    epoch: p.bigint().nullable(),
    seq: p.bigint().nullable(),
    type: p.text().nullable(),
    payload: p.text(),
    traceparent: p.text().nullable(),
    error: p.text(),
    attempts: p.integer(),
    state: p.text().default('parked'),
    failedAt: p.datetime().defaultRaw('now()'),
    resolvedAt: p.datetime().nullable(),
    resolvedBy: p.text().nullable(),
  },
});
