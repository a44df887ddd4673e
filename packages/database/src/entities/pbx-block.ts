import { defineEntity, p } from '@mikro-orm/postgresql';

/** A PBX refuses everything that comes from one of our addresses, until then. */
export const PbxBlockEntity = defineEntity({
  name: 'PbxBlock',
  tableName: 'pbx_block',
  properties: {
    pbxId: p.uuid().primary(),
    egress: p.text().primary(),
    until: p.datetime(),
    reason: p.text(),
    setAt: p.datetime().defaultRaw('now()'),
  },
});
