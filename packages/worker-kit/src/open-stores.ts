import { openDatabase, waitForSchema, type Database } from '@trunkline/database';
import {
  createRedisConnections,
  type RedisConnections,
  type Service,
  type storeSettings,
} from '@trunkline/service-kit';

export interface StoreBounds {
  readonly connectionsMax: number;
  /** What the database does not answer by then is asked anew on another connection. */
  readonly silenceMs: number;
}

export interface OpenStores {
  readonly database: Database;
  readonly redis: RedisConnections;
}

/**
 * Opens both stores of a process, and has them closed after everything that uses them. Waits for the schema of this
 * version: until then the process is alive and not ready.
 */
export async function openStores(
  { name, settings, logger, shutdown }: Service<typeof storeSettings>,
  { connectionsMax, silenceMs }: StoreBounds,
): Promise<OpenStores> {
  const database = await openDatabase({
    url: settings.stores.databaseUrl,
    applicationName: `trunkline-${name}`,
    connectionsMax,
    silenceMs,
    warn: (message) => logger.warn(message),
  });
  shutdown.add('stores', 'database', () => database.close());
  const redis = createRedisConnections({ url: settings.redis.target, logger, name });
  shutdown.add('stores', 'redis', () => redis.closeAll());
  await waitForSchema(database, { logger, signal: shutdown.signal });
  return { database, redis };
}
