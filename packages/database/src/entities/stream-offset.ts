import { defineEntity, p } from '@mikro-orm/postgresql';

export const StreamOffsetEntity = defineEntity({
  name: 'StreamOffset',
  tableName: 'stream_offset',
  properties: {
    groupName: p.text().primary(),
    shard: p.integer().primary(),
    lastId: p.text().default('0-0'),
    entriesRead: p.bigint().default(0),
    servedBy: p.text().nullable(),
    servedAt: p.datetime().nullable(),
  },
});
