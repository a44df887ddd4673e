import { join } from 'node:path';
import type { Backing } from './backing.ts';
import { climb, postgresLadder, redisLadder } from './ladder.ts';
import { keepAlive } from './processes/keep-alive.ts';
import type { Mortal } from './processes/keep-alive.ts';
import { outlivePredecessor, writeServing } from './processes/predecessor.ts';
import type { ServerProcess } from './processes/server-process.ts';
import type { Warden } from './processes/warden.ts';
import { dataFolderMajor, startPostgres } from './postgres/postgres-server.ts';
import type { PostgresPrograms } from './postgres/postgres-programs.ts';
import { startRedis } from './redis/redis-server.ts';

export type StartedOptions = {
  /** Holds the data, the logs and the note of who serves it. */
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly cacheFolder: string;
  readonly password: string;
  readonly port?: number;
  readonly ephemeral: boolean;
  readonly warden: Warden;
  readonly report: (line: string) => void;
};

/** A server of ours that runs. */
export type Started = Mortal & {
  readonly url: string;
  readonly port: number;
  /** For people: what it is and where, without secrets. */
  readonly label: string;
};

export async function startedPostgres(options: StartedOptions): Promise<Started> {
  const pidFile = `${options.dataFolder}.pid`;
  await outlivePredecessor(pidFile, 'SIGINT');
  return await climb('PostgreSQL', postgresLadder, async (programs) => {
    refuseForeignData(options.dataFolder, programs);
    const server = await startPostgres({
      ...options,
      programs,
      logFile: join(options.logFolder, 'postgres.log'),
    });
    writeServing(pidFile, server.process.pid);
    return started(server, 'PostgreSQL', programs.version);
  });
}

export async function startedRedis(options: StartedOptions): Promise<Started> {
  const pidFile = `${options.dataFolder}.pid`;
  await outlivePredecessor(pidFile, 'SIGTERM');
  return await climb('Redis', redisLadder(options.cacheFolder, options.report), async (program) => {
    const server = await startRedis({ ...options, program, logFile: join(options.logFolder, 'redis.log') });
    writeServing(pidFile, server.process.pid);
    return started(server, program.product, program.version);
  });
}

/** PostgreSQL reads only the data of its own major version, and its own words for that come late and cryptic. */
function refuseForeignData(dataFolder: string, { major }: PostgresPrograms): void {
  const dataMajor = dataFolderMajor(dataFolder);
  if (dataMajor === undefined || dataMajor === major) return;
  throw new Error(
    `the data in ${dataFolder} was made by PostgreSQL ${dataMajor}, and this is ${major}. ` +
      `Bring PostgreSQL ${dataMajor} back, or begin with empty data: npm run reset`,
  );
}

function started(
  server: { readonly url: string; readonly port: number; readonly process: ServerProcess },
  product: string,
  version: string,
): Started {
  return {
    url: server.url,
    port: server.port,
    label: `${product} ${version} on 127.0.0.1:${server.port}`,
    exited: server.process.exited.then(({ code, signal }) => signal ?? `code ${code}`),
    lastLines: () => server.process.lastWords(),
    stop: () => server.process.stop(),
  };
}

/** A server that is brought back, on the same port and with the same data, should it die unasked. */
export async function kept(
  name: string,
  start: (options: StartedOptions) => Promise<Started>,
  options: StartedOptions,
): Promise<Backing & { readonly port: number }> {
  const first = await start(options);
  const { url, port, label } = first;
  const bringBack = async () => {
    const again = await start({ ...options, port });
    if (again.port === port) return again;
    await again.stop();
    throw new Error(`port ${port} was taken by somebody else while it was down`);
  };
  return { url, port, label, ...keepAlive(first, bringBack, { name, report: options.report }) };
}
