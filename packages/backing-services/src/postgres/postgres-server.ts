import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { CommandFailed, runCommand } from '../processes/run-command.ts';
import { serverAccount } from '../processes/server-account.ts';
import type { ServerAccount } from '../processes/server-account.ts';
import { startServerProcess } from '../processes/server-process.ts';
import type { ServerProcess } from '../processes/server-process.ts';
import { startOnFreePort } from '../processes/start-on-free-port.ts';
import type { Warden } from '../processes/warden.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { postgresSettings } from './postgres-settings.ts';

const INITDB_TIMEOUT_MS = 120_000;
const user = 'trunkline';

export type PostgresOptions = {
  readonly programs: PostgresPrograms;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly password: string;
  readonly port?: number;
  /** Speed instead of durability: for data that is thrown away. */
  readonly ephemeral: boolean;
  readonly warden: Warden;
};

export type PostgresServer = {
  readonly url: string;
  readonly port: number;
  readonly process: ServerProcess;
};

/** Makes the data folder if there is none, starts the server on it and waits until it answers. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataFolder, programs, password } = options;
  mkdirSync(dirname(dataFolder), { recursive: true });
  mkdirSync(dirname(options.logFile), { recursive: true });
  const account = serverAccount([dirname(dataFolder), programs.postgres, programs.initdb]);
  if (!existsSync(join(dataFolder, 'PG_VERSION'))) await initialise(options, account);
  const server = await startOnFreePort({
    what: `PostgreSQL (${programs.source})`,
    wantedPort: options.port,
    launch: (port) => launch(options, account, port),
    ask: (port) => postgresAnswers(postgresUrl(port, password)),
  });
  return { ...server, url: postgresUrl(server.port, password) };
}

export function postgresUrl(port: number, password: string, database = 'postgres'): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * The folder is made under another name and only then given its own, so that a start that was cut short leaves
 * nothing that looks like a database.
 */
async function initialise(options: PostgresOptions, account: ServerAccount | undefined): Promise<void> {
  const unfinished = `${options.dataFolder}.new`;
  const passwordFile = `${options.dataFolder}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  try {
    await initdb(options.programs, unfinished, passwordFile, options.ephemeral, account);
    renameSync(unfinished, options.dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** C.UTF-8 sorts by code point and still knows letters; where a machine lacks it, plain C has to do. */
async function initdb(
  programs: PostgresPrograms,
  dataFolder: string,
  passwordFile: string,
  ephemeral: boolean,
  account: ServerAccount | undefined,
): Promise<void> {
  const run = async (locale: string) => {
    const command = commandAs(account, programs.initdb, [
      `--pgdata=${dataFolder}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      `--locale=${locale}`,
      ...(ephemeral ? ['--no-sync'] : []),
    ]);
    await runCommand(command.file, command.args, {
      ...command,
      cwd: '/',
      env: serverEnvironment(),
      timeoutMs: INITDB_TIMEOUT_MS,
    });
  };
  try {
    await run('C.UTF-8');
  } catch (error) {
    if (!(error instanceof CommandFailed) || !/locale/i.test(error.message)) throw error;
    await run('C');
  }
}

async function launch(
  options: PostgresOptions,
  account: ServerAccount | undefined,
  port: number,
): Promise<ServerProcess> {
  const settings = Object.entries(postgresSettings(options.ephemeral)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const args = ['-D', options.dataFolder, '-p', String(port), ...settings];
  return await startServerProcess(
    {
      name: 'PostgreSQL',
      ...commandAs(account, options.programs.postgres, args),
      cwd: '/',
      env: serverEnvironment(),
      logFile: options.logFile,
      // Fast shutdown: sessions are ended, the data is written out.
      stopSignal: 'SIGINT',
    },
    options.warden,
  );
}

function commandAs(account: ServerAccount | undefined, file: string, args: readonly string[]) {
  return account === undefined ? { file, args } : account.command(file, args);
}

/** PG* variables of the caller's shell would steer initdb and the server; the locale would translate the log. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(own), LC_MESSAGES: 'C' };
}

/** Undefined when a query is answered, else the reason it was not. */
export async function postgresAnswers(url: string, timeoutMs = 5_000): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The major version a data folder was made by, if there is one. */
export function dataFolderMajor(dataFolder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(dataFolder, 'PG_VERSION'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}
