import { defineEntity, p } from '@mikro-orm/postgresql';

export const PbxFloorEntity = defineEntity({
  name: 'PbxFloor',
  tableName: 'pbx_floor',
  properties: {
    pbxId: p.uuid().primary(),
    asOf: p.bigint().primary(),
    said: p.bigint().primary(),
    rank: p.smallint().primary(),
    cause: p.text().primary(),
    at: p.datetime(),
    coversExtensions: p.boolean(),
    raisedAt: p.datetime().defaultRaw('now()'),
  },
});
