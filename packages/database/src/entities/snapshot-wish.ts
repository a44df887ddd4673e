import { defineEntity, p } from '@mikro-orm/postgresql';

/** Somebody found a reason not to trust what is known of a PBX. Whoever holds the link takes the wish and a snapshot. */
export const SnapshotWishEntity = defineEntity({
  name: 'SnapshotWish',
  tableName: 'snapshot_wish',
  properties: {
    pbxId: p.uuid().primary(),
    wantedAt: p.datetime().defaultRaw('now()'),
    because: p.text(),
  },
});
