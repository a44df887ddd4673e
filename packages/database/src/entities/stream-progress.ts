import { defineEntity, p } from '@mikro-orm/postgresql';

export const StreamProgressEntity = defineEntity({
  name: 'StreamProgress',
  tableName: 'stream_progress',
  properties: {
    groupName: p.text().primary(),
    source: p.text().primary(),
    epoch: p.bigint().primary(),
    high: p.bigint(),
    missing: p.text().columnType('int8multirange'),
    received: p.bigint().default(0),
    duplicates: p.bigint().default(0),
    lost: p.bigint().default(0),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});
