import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Redis } from 'ioredis';
import { startServerProcess } from '../processes/server-process.ts';
import type { ServerProcess } from '../processes/server-process.ts';
import { startOnFreePort } from '../processes/start-on-free-port.ts';
import type { Warden } from '../processes/warden.ts';
import { redisEnvironment } from './redis-program.ts';
import type { RedisProgram } from './redis-program.ts';

export type RedisOptions = {
  readonly program: RedisProgram;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly password: string;
  readonly port?: number;
  /** Nothing is written to disk: for data that is thrown away. */
  readonly ephemeral: boolean;
  /** Further settings, name and value, as in redis.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly warden: Warden;
};

export type RedisServer = { readonly url: string; readonly port: number; readonly process: ServerProcess };

export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const { program, password } = options;
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(options.logFile), { recursive: true });
  const server = await startOnFreePort({
    what: `${program.product} (${program.source})`,
    wantedPort: options.port,
    launch: (port) => launch(options, port),
    ask: (port) => redisAnswers(redisUrl(port, password)),
  });
  return { ...server, url: redisUrl(server.port, password) };
}

async function launch(options: RedisOptions, port: number): Promise<ServerProcess> {
  return await startServerProcess(
    {
      name: options.program.product,
      file: options.program.server,
      // The settings come by standard input: a password on the command line is seen by every user in `ps`.
      args: ['-'],
      input: redisSettings(options, port),
      env: redisEnvironment(options.program),
      cwd: options.dataFolder,
      logFile: options.logFile,
      stopSignal: 'SIGTERM',
    },
    options.warden,
  );
}

export function redisUrl(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

/** The append-only file is the only persistence: it loses a second at most where a snapshot loses minutes. */
function redisSettings({ dataFolder, password, ephemeral, settings }: RedisOptions, port: number): string {
  const all: Record<string, string> = {
    bind: '127.0.0.1',
    port: String(port),
    dir: JSON.stringify(dataFolder),
    requirepass: password,
    daemonize: 'no',
    save: '""',
    appendonly: ephemeral ? 'no' : 'yes',
    appendfsync: 'everysec',
    // Streams and jobs share it: evicting a key would lose data without a word.
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}

/** Undefined when a PING is answered, else the reason it was not. */
export async function redisAnswers(url: string, timeoutMs = 5_000): Promise<string | undefined> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let lastError: string | undefined;
  client.on('error', (error: Error) => {
    lastError = error.message || error.name;
  });
  try {
    await client.connect();
    await client.ping();
    return undefined;
  } catch (error) {
    return lastError ?? (error instanceof Error ? error.message : String(error));
  } finally {
    // Disconnecting one that never connected would keep a timer, and so the process, for two seconds.
    if (client.status !== 'end') client.disconnect();
  }
}
