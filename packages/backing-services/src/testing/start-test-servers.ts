import { join } from 'node:path';
import type { Backing } from '../backing.ts';
import { readBackingConfig } from '../backing-config.ts';
import { checkoutPaths } from '../checkout-paths.ts';
import { postgresContainer, redisContainer } from '../containers/container-requests.ts';
import { containerServer } from '../containers/container-servers.ts';
import { givenPostgres, givenRedis } from '../given-servers.ts';
import { newPassword } from '../passwords.ts';
import { Warden } from '../processes/warden.ts';
import { startedPostgres, startedRedis } from '../started-servers.ts';
import { openTestRun } from '../test-run.ts';
import { testVariables } from './test-servers.ts';

export type TestServers = {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** For people: what serves. */
  readonly label: string;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * One PostgreSQL and one Redis for a whole run of tests, given by the environment or started for the occasion,
 * and told to everybody by the environment. Disposing stops what was started and removes its data.
 */
export async function startTestServers(report: (line: string) => void): Promise<TestServers> {
  const config = readBackingConfig(process.env);
  const run = openTestRun();
  const warden = new Warden();
  const starting = [startPostgres, startRedis].map((start) =>
    start({ config, folder: run.folder, warden, report }),
  );
  const dispose = async () => {
    for (const name of Object.values(testVariables)) delete process.env[name];
    const started = (await Promise.allSettled(starting)).filter((one) => one.status === 'fulfilled');
    await Promise.all(started.map((one) => one.value.stop()));
    await warden.close();
    run.close();
  };
  try {
    const [postgres, redis] = await Promise.all(starting);
    if (postgres === undefined || redis === undefined) throw new Error('two servers were asked for');
    process.env[testVariables.databaseUrl] = postgres.url;
    process.env[testVariables.redisUrl] = redis.url;
    return {
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      label: `${postgres.label}, ${redis.label}`,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type TestServer = Pick<Backing, 'url' | 'label' | 'stop'>;

type Context = {
  readonly config: ReturnType<typeof readBackingConfig>;
  readonly folder: string;
  readonly warden: Warden;
  readonly report: (line: string) => void;
};

async function startPostgres({ config, folder, warden, report }: Context): Promise<TestServer> {
  if (config.databaseUrl !== undefined) return await givenPostgres(config.databaseUrl);
  if (config.containers) return await containerServer(postgresContainer(newPassword()));
  return await startedPostgres({ ...ephemeral(folder, 'postgres'), warden, report });
}

async function startRedis({ config, folder, warden, report }: Context): Promise<TestServer> {
  if (config.redisUrl !== undefined) return await givenRedis(config.redisUrl);
  if (config.containers) return await containerServer(redisContainer(newPassword()));
  return await startedRedis({ ...ephemeral(folder, 'redis'), warden, report });
}

function ephemeral(folder: string, store: string) {
  return {
    dataFolder: join(folder, store),
    logFolder: folder,
    cacheFolder: checkoutPaths().cache,
    password: newPassword(),
    ephemeral: true,
  };
}
