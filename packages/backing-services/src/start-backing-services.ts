import { join } from 'node:path';
import { Client } from 'pg';
import type { Backing, BackingServices } from './backing.ts';
import type { BackingConfig } from './backing-config.ts';
import type { CheckoutPaths } from './checkout-paths.ts';
import { postgresContainer, redisContainer } from './containers/container-requests.ts';
import { containerServer, volumeName } from './containers/container-servers.ts';
import { givenPostgres, givenRedis } from './given-servers.ts';
import type { Warden } from './processes/warden.ts';
import { rememberedSecret, rememberPort, rememberedPort } from './remembered.ts';
import { kept, startedPostgres, startedRedis } from './started-servers.ts';

/** The database of a PostgreSQL that is ours. One that is given names its own in DATABASE_URL. */
const databaseName = 'trunkline';

export type BackingOptions = {
  readonly config: BackingConfig;
  readonly paths: CheckoutPaths;
  readonly warden: Warden;
  /** Told what takes long, in a few lines. */
  readonly report: (line: string) => void;
};

/** PostgreSQL and Redis for `npm start`: given, or started with the data this checkout keeps. */
export async function startBackingServices(options: BackingOptions): Promise<BackingServices> {
  const [postgres, redis] = await Promise.allSettled([keptPostgres(options), keptRedis(options)]);
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') {
    return {
      postgres: postgres.value,
      redis: redis.value,
      stop: async () => {
        await Promise.all([postgres.value.stop(), redis.value.stop()]);
      },
    };
  }
  const survivors = [postgres, redis].filter((one) => one.status === 'fulfilled');
  await Promise.all(survivors.map((one) => one.value.stop()));
  const failures = [postgres, redis].filter((one) => one.status === 'rejected').map((one) => one.reason);
  // Both may fail for one reason, such as a container engine that is not there.
  const messages = new Set(failures.map((one) => (one instanceof Error ? one.message : String(one))));
  throw new AggregateError(failures, [...messages].join('\n\n'));
}

async function keptPostgres({ config, paths, warden, report }: BackingOptions): Promise<Backing> {
  if (config.databaseUrl !== undefined) return await givenPostgres(config.databaseUrl);
  const password = rememberedSecret(paths, 'postgresPassword');
  if (config.containers) {
    const server = await containerServer(postgresContainer(password, volumeName(paths.root, 'postgres')));
    return { ...server, url: await ownDatabase(server.url) };
  }
  const server = await kept('PostgreSQL', startedPostgres, {
    dataFolder: join(paths.data, 'postgres'),
    logFolder: paths.logs,
    cacheFolder: paths.cache,
    password,
    port: await rememberedPort(paths, 'postgres'),
    ephemeral: false,
    warden,
    report,
  });
  rememberPort(paths, 'postgres', server.port);
  return { ...server, url: await ownDatabase(server.url) };
}

async function keptRedis({ config, paths, warden, report }: BackingOptions): Promise<Backing> {
  if (config.redisUrl !== undefined) return await givenRedis(config.redisUrl);
  const password = rememberedSecret(paths, 'redisPassword');
  if (config.containers) {
    return await containerServer(redisContainer(password, volumeName(paths.root, 'redis')));
  }
  const server = await kept('Redis', startedRedis, {
    dataFolder: join(paths.data, 'redis'),
    logFolder: paths.logs,
    cacheFolder: paths.cache,
    password,
    port: await rememberedPort(paths, 'redis'),
    ephemeral: false,
    warden,
    report,
  });
  rememberPort(paths, 'redis', server.port);
  return server;
}

/** Makes the database on the first start, and answers with its address. */
async function ownDatabase(maintenanceUrl: string): Promise<string> {
  const client = new Client({ connectionString: maintenanceUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
  const url = new URL(maintenanceUrl);
  url.pathname = `/${databaseName}`;
  return url.toString();
}
