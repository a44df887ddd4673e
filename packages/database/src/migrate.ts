import { openDatabase, type Database } from './database.ts';
import { migrations, migrationTable } from './migrations/index.ts';

/** Any constant will do, as long as every version of Trunkline takes the same. */
const migrationLock = 7_274_637_251;

/**
 * Brings the database to this version's schema. Any number of processes may call it at once: one works, the others
 * wait and find nothing left to do. The lock belongs to a transaction of its own and not to a session, since poolers
 * hand sessions around; that transaction outlives MikroORM's own steps, of which the first (its log table) is outside
 * any transaction it would let us open.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  await using database = await openDatabase({
    url,
    applicationName: 'trunkline-migrate',
    connectionsMax: 2,
    silenceMs: 0,
  });
  return await database.transaction(async (guard) => {
    await guard.query('set local idle_in_transaction_session_timeout = 0');
    await guard.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    const done = await database.orm.migrator.up();
    return done.map((migration) => migration.name);
  });
}

/**
 * The migrations that this version brings and the database lacks: none, when the database fits. Asks without touching
 * anything, so that any number of processes may wait for their schema while another migrates.
 */
export async function pendingMigrations(database: Database): Promise<readonly string[]> {
  const done = await database.run(async (transaction) => {
    const [log] = await transaction.query<{ exists: boolean }>(
      `select to_regclass('${migrationTable}') is not null as exists`,
    );
    if (log?.exists !== true) return [];
    return transaction.query<{ name: string }>(`select name from ${migrationTable}`);
  });
  const names = new Set(done.map(({ name }) => name));
  return migrations.map(({ name }) => name).filter((name) => !names.has(name));
}
