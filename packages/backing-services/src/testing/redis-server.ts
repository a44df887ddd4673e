import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutPaths } from '../checkout-paths.ts';
import { climb, redisLadder } from '../ladder.ts';
import { newPassword } from '../passwords.ts';
import { startRedis } from '../redis/redis-server.ts';
import { testRunFolder } from '../test-run.ts';
import { ownWarden } from './own-warden.ts';
import { restartableServer } from './restartable-server.ts';
import type { RestartableServer } from './restartable-server.ts';

export type TestRedisServer = RestartableServer & {
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
};

export type TestRedisOptions = {
  /** Further settings as in redis.conf, e.g. `{ maxmemory: '32mb' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Keep the data over a restart (append-only file, synced at each write). Otherwise a restart begins empty. */
  readonly durable?: boolean;
  /** A random one unless given. */
  readonly password?: string;
};

/** A Redis of the test's own, from the same program that serves all the others: to kill, freeze or fill. */
export async function startRedisServer(options: TestRedisOptions = {}): Promise<TestRedisServer> {
  const folder = await mkdtemp(join(testRunFolder(), 'redis-'));
  const password = options.password ?? newPassword();
  const durability = options.durable === true ? { appendonly: 'yes', appendfsync: 'always' } : {};
  const settings = { ...durability, ...options.settings };
  const start = (port?: number) =>
    climb(
      'Redis',
      redisLadder(checkoutPaths().cache, () => {}),
      (program) =>
        startRedis({
          program,
          dataFolder: join(folder, 'data'),
          logFile: join(folder, 'redis.log'),
          password,
          ...(port === undefined ? {} : { port }),
          ephemeral: true,
          settings,
          warden: ownWarden(),
        }),
    );
  return Object.assign(await restartableServer(folder, start), { password, settings });
}
