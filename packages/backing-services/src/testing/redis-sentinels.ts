import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { checkoutPaths } from '../checkout-paths.ts';
import { climb, redisLadder } from '../ladder.ts';
import { newPassword } from '../passwords.ts';
import { startServerProcess, type ServerProcess } from '../processes/server-process.ts';
import { startOnFreePort } from '../processes/start-on-free-port.ts';
import { redisEnvironment, type RedisProgram } from '../redis/redis-program.ts';
import { redisAnswers, redisUrl } from '../redis/redis-server.ts';
import { testRunFolder } from '../test-run.ts';
import { ownWarden } from './own-warden.ts';
import { startRedisServer, type TestRedisServer } from './redis-server.ts';

const SENTINELS = 3;
const WATCHED = 'trunkline';
const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 50;
/** A master that is silent for so long is taken for dead; real ones wait longer. */
const DOWN_AFTER_MS = 1_000;

export type TestRedisSentinels = {
  /** As a setting takes it: sentinels, and the name of what they watch. */
  readonly url: string;
  /** The master of the beginning, and its replica; each keeps its data over a restart. */
  readonly servers: readonly [master: TestRedisServer, replica: TestRedisServer];
  /** Who the sentinels say is the master now. */
  masterPort(): Promise<number>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

type Sentinel = { readonly port: number; readonly process: ServerProcess };

/** A master, its replica, and three sentinels, ready when all three know both and one another. */
export async function startRedisSentinels(): Promise<TestRedisSentinels> {
  await using starting = new AsyncDisposableStack();
  const password = newPassword();
  const folder = await mkdtemp(join(testRunFolder(), 'sentinels-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const own = { durable: true, password } as const;
  const master = starting.use(await startRedisServer({ ...own, settings: { masterauth: password } }));
  const settings = { masterauth: password, replicaof: `127.0.0.1 ${master.port}` };
  const replica = starting.use(await startRedisServer({ ...own, settings }));
  const sentinels = await Promise.all(
    Array.from({ length: SENTINELS }, async (_, index) => {
      const file = join(folder, `sentinel-${index}.conf`);
      const sentinel = await startSentinel({ file, folder, password, masterPort: master.port });
      starting.defer(() => sentinel.process.stop());
      return sentinel;
    }),
  );
  await Promise.all(sentinels.map(({ port }) => untilAllKnown(redisUrl(port, password))));
  const started = starting.move();
  const stop = () => started.disposeAsync();
  return {
    url: `redis+sentinel://:${password}@${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${WATCHED}`,
    servers: [master, replica],
    masterPort: () => masterPort(redisUrl(sentinels[0]?.port ?? 0, password)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface SentinelPlan {
  readonly file: string;
  readonly folder: string;
  readonly password: string;
  readonly masterPort: number;
}

async function startSentinel(plan: SentinelPlan): Promise<Sentinel> {
  return await climb(
    'Redis',
    redisLadder(checkoutPaths().cache, () => {}),
    (program) =>
      startOnFreePort({
        what: `a sentinel (${program.source})`,
        wantedPort: undefined,
        launch: (port) => launch(program, port, plan),
        ask: (port) => redisAnswers(redisUrl(port, plan.password)),
      }),
  );
}

/** A sentinel writes what it learns into its settings, so they are a file of its own. */
async function launch(program: RedisProgram, port: number, plan: SentinelPlan): Promise<ServerProcess> {
  const { file, folder, password } = plan;
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${JSON.stringify(folder)}`,
    `requirepass ${password}`,
    `sentinel sentinel-pass ${password}`,
    `sentinel monitor ${WATCHED} 127.0.0.1 ${plan.masterPort} 2`,
    `sentinel auth-pass ${WATCHED} ${password}`,
    `sentinel down-after-milliseconds ${WATCHED} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${WATCHED} 5000`,
  ];
  await writeFile(file, `${settings.join('\n')}\n`, { mode: 0o600 });
  return await startServerProcess(
    {
      name: 'a sentinel',
      file: program.server,
      args: [file, '--sentinel'],
      env: redisEnvironment(program),
      cwd: folder,
      logFile: `${file}.log`,
      stopSignal: 'SIGTERM',
    },
    ownWarden(),
  );
}

async function untilAllKnown(url: string): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; await sleep(READY_POLL_MS)) {
    const known = await ask(url, 'MASTER', WATCHED);
    const figures = new Map(known.map((name, index) => [name, known[index + 1]]));
    const others = figures.get('num-other-sentinels') === String(SENTINELS - 1);
    if (others && figures.get('num-slaves') === '1' && figures.get('flags') === 'master') return;
  }
  throw new Error(`The sentinels did not find one another and the replica within ${READY_TIMEOUT_MS} ms.`);
}

async function masterPort(url: string): Promise<number> {
  const [, port] = await ask(url, 'GET-MASTER-ADDR-BY-NAME', WATCHED);
  return Number(port);
}

async function ask(url: string, ...question: string[]): Promise<string[]> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.call('SENTINEL', ...question)) as string[];
  } finally {
    client.disconnect();
  }
}
