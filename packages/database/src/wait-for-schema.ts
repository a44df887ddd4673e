import { sleep, type Logger } from '@trunkline/service-kit';
import type { Database } from './database.ts';
import { pendingMigrations } from './migrate.ts';

export interface SchemaWait {
  readonly logger: Logger;
  /** Gives up waiting, by an error, as soon as it aborts. */
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}

/** Long enough to be no load when a whole fleet waits, short enough for nobody to notice. */
const LOOK_MS = 1_000;

/**
 * Resolves when the database has every migration of this version. Services may so be started beside their migration,
 * in any order: they are alive and not ready meanwhile. Waits as long as it takes, also for a database that is away.
 */
export async function waitForSchema(
  database: Database,
  { logger, signal, everyMs = LOOK_MS }: SchemaWait,
): Promise<void> {
  const check = schemaCheck(database);
  let told: string | undefined;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      const { message } = error as Error;
      if (message !== told) logger.warn({ err: error }, 'waits for the schema of this version');
      told = message;
    }
    await sleep(everyMs, signal);
  }
}

/**
 * Rejects, naming what is missing, until the database has every migration of this version. Asks no more after that:
 * migrations are not taken back below a service that runs.
 */
export function schemaCheck(database: Database): () => Promise<void> {
  let inPlace = false;
  return async () => {
    if (inPlace) return;
    const pending = await pendingMigrations(database);
    if (pending.length > 0)
      throw new Error(`The database lacks ${pending.join(', ')}. Run "trunkline migrate" of this version.`);
    inPlace = true;
  };
}
