import type { Database } from '@trunkline/database';

/** The two statements that people run by hand, on the same tables: no floor, no audit, no message, every PBX. */
export async function rawSql(database: Database): Promise<void> {
  await database.run(async (transaction) => {
    await transaction.query(
      `update extension set status = 'online', last_seen_at = now() where status in ('ringing', 'incall', 'busy')`,
    );
    await transaction.query(
      `update call set status = 'ended', ended_at = now(), hangup_cause = 'pbx_disconnected'
       where status in ('calling', 'ringing', 'connected', 'held')`,
    );
  });
}
