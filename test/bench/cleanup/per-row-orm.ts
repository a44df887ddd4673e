import { CallEntity, ExtensionEntity, type Database } from '@trunkline/database';

/**
 * The loop that an ORM invites to: find them all, then update one after the other. Updates go by key and without the unit
 * of work, which would compare all loaded rows at every flush and take minutes.
 */
export async function perRowOrm(database: Database): Promise<void> {
  await database.transaction(async (_transaction, em) => {
    const engaged = await em.find(ExtensionEntity, { status: { $in: ['ringing', 'incall', 'busy'] } });
    for (const { pbxId, number } of engaged) {
      await em.nativeUpdate(ExtensionEntity, { pbxId, number }, { status: 'online', lastSeenAt: new Date() });
    }
    const open = await em.find(CallEntity, { status: { $in: ['calling', 'ringing', 'connected', 'held'] } });
    for (const { pbxId, callKey } of open) {
      const ended = { status: 'ended', endedAt: new Date(), hangupCause: 'pbx_disconnected' };
      await em.nativeUpdate(CallEntity, { pbxId, callKey }, ended);
    }
  });
}
