import { globSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isExecutable } from '../processes/server-account.ts';
import { runCommand } from '../processes/run-command.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { postgresMajorMin } from './postgres-programs.ts';

/** Where PostgreSQL's servers lie when they are not on the PATH: Debian, Red Hat, Homebrew, Postgres.app. */
const usualFolders = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/opt/homebrew/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/usr/local/pgsql/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

export type Found<T> = { readonly found: readonly T[]; readonly passedOver: readonly string[] };

/** The PostgreSQL servers installed on this machine that will do, newest first, and why others will not. */
export async function machinePostgres(folders = serverFolders()): Promise<Found<PostgresPrograms>> {
  const candidates = await Promise.all(folders.map(inspect));
  const found = candidates.filter((one) => typeof one !== 'string').sort((a, b) => b.major - a.major);
  return { found, passedOver: candidates.filter((one) => typeof one === 'string') };
}

function serverFolders(): string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const folders = [...onPath, ...usualFolders.flatMap((pattern) => globSync(pattern))];
  const programs = folders.map((folder) => join(folder, 'postgres')).filter(isExecutable);
  return [...new Set(programs.map((program) => dirname(realpathSync(program))))];
}

async function inspect(folder: string): Promise<PostgresPrograms | string> {
  const postgres = join(folder, 'postgres');
  const initdb = join(folder, 'initdb');
  try {
    const { stdout } = await runCommand(postgres, ['--version'], { timeoutMs: 10_000 });
    const version = /(\d+)(?:\.\d+|\w+)?/.exec(stdout)?.[0];
    if (version === undefined) return `${postgres} does not tell its version: ${stdout.trim()}`;
    const major = Number.parseInt(version, 10);
    if (major < postgresMajorMin) {
      return `${postgres} is version ${version}, and ${postgresMajorMin} or newer is needed`;
    }
    if (!isExecutable(initdb)) return `${folder} has no initdb beside its postgres`;
    return { kind: 'postgres', postgres, initdb, major, version, source: folder };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
