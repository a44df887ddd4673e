import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found } from '../postgres/machine-postgres.ts';
import { takeLock } from '../processes/file-lock.mjs';
import { runCommand } from '../processes/run-command.ts';
import { onPath } from '../processes/server-account.ts';
import { Apt } from './apt.ts';
import { readRedisVersion, redisEnvironment } from './redis-program.ts';
import type { RedisProgram } from './redis-program.ts';

/** Who else is at it needs to fetch package lists at most, which is a few dozen megabytes. */
const LOCK_TIMEOUT_MS = 10 * 60_000;

/** Dependencies of dependencies are looked into this deep for libraries that are missing. */
const DEPENDENCY_DEPTH_MAX = 3;

/** The server's package and the one that really holds the program, on Debian and its children. */
const offers = [
  { server: 'redis-server', tools: 'redis-tools' },
  { server: 'valkey-server', tools: 'valkey-tools' },
] as const;

/**
 * Redis out of Debian's or Ubuntu's packages, unpacked into the project's cache without being installed: no root
 * is needed, and nothing outside the cache is written. Later starts find it there and ask nobody.
 */
export async function debianRedis(
  cacheFolder: string,
  report: (line: string) => void,
  lookUp: (tool: string) => string | undefined = onPath,
): Promise<Found<RedisProgram>> {
  const missingTool = ['apt-get', 'apt-cache', 'dpkg-deb', 'ldd'].find((tool) => lookUp(tool) === undefined);
  if (missingTool !== undefined) {
    return { found: [], passedOver: [`no ${missingTool} here: not a Debian or Ubuntu machine`] };
  }
  const folder = join(cacheFolder, 'redis');
  const known = readManifest(folder);
  if (known !== undefined) return { found: [known], passedOver: [] };
  try {
    const lock = await takeLock(join(cacheFolder, 'redis.lock'), {
      timeoutMs: LOCK_TIMEOUT_MS,
      onWait: (pid) => report(`Waiting for process ${pid}, which is fetching Redis`),
    });
    try {
      return {
        found: [readManifest(folder) ?? (await fetchRedis(cacheFolder, folder, report))],
        passedOver: [],
      };
    } finally {
      // Indexes and archives of fifty megabytes and more, of no use any more.
      rmSync(join(cacheFolder, 'apt'), { recursive: true, force: true });
      lock.release();
    }
  } catch (error) {
    return { found: [], passedOver: [error instanceof Error ? error.message : String(error)] };
  }
}

async function fetchRedis(
  cacheFolder: string,
  folder: string,
  report: (line: string) => void,
): Promise<RedisProgram> {
  const apt = new Apt(join(cacheFolder, 'apt'));
  const refusals: string[] = [];
  for (const lists of ['system', 'own'] as const) {
    if (lists === 'own') {
      report('Fetching package lists (apt-get update, in the cache of this project only)');
      const complaint = await apt.fetchOwnLists();
      if (complaint !== undefined) refusals.push(complaint);
    }
    for (const { server, tools } of offers) {
      try {
        return await unpack(apt, server, tools, folder, report);
      } catch (error) {
        refusals.push(
          `${server} (${lists} lists): ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
  throw new Error(refusals.join('\n    '));
}

/** Unpacks beside the final place and moves it there when it is known to run. */
async function unpack(
  apt: Apt,
  server: string,
  tools: string,
  folder: string,
  report: (line: string) => void,
): Promise<RedisProgram> {
  const candidate = await apt.candidate(server);
  if (candidate === undefined) throw new Error('no such package');
  const product = server.startsWith('valkey') ? 'Valkey server' : 'Redis server';
  const verdict = readRedisVersion(server, `${product} v=${candidate.replace(/^\d+:/, '')}`);
  if (typeof verdict === 'string') throw new Error(verdict);
  report(`Fetching ${server} ${verdict.version} and the libraries it needs (apt-get download)`);

  mkdirSync(join(folder, '..'), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  try {
    await apt.unpack([server, tools], draft);
    await addMissingLibraries(apt, [server, tools], draft, server);
    const { stdout } = await runCommand(join(draft, 'usr/bin', server), ['--version'], {
      env: redisEnvironment({ libraryPath: libraryPath(draft) }),
      timeoutMs: 10_000,
    });
    const read = readRedisVersion(server, stdout);
    if (typeof read === 'string') throw new Error(read);
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(join(draft, 'manifest.json'), JSON.stringify({ server, ...read }));
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const program = readManifest(folder);
  if (program === undefined) throw new Error(`${folder} vanished while it was unpacked`);
  return program;
}

/** What `ldd` misses is looked for among the packages the server's packages depend on. */
async function addMissingLibraries(
  apt: Apt,
  packages: readonly string[],
  draft: string,
  server: string,
): Promise<void> {
  let layer = packages;
  const seen = new Set(packages);
  for (let depth = 0; ; depth += 1) {
    const missing = await missingLibraries(draft, server);
    if (missing.length === 0) return;
    if (depth === DEPENDENCY_DEPTH_MAX) throw new Error(`no package brings ${missing.join(', ')}`);
    layer = (await apt.dependencies(layer)).filter((name) => !seen.has(name));
    for (const name of layer) seen.add(name);
    const absent = await apt.notInstalled(layer);
    if (absent.length > 0) await apt.unpack(absent, draft);
  }
}

async function missingLibraries(draft: string, server: string): Promise<string[]> {
  const { stdout } = await runCommand('ldd', [join(draft, 'usr/bin', server)], {
    env: redisEnvironment({ libraryPath: libraryPath(draft) }),
    timeoutMs: 10_000,
  });
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}

/** The folders of Debian's multiarch layout. */
function libraryPath(folder: string): string {
  const machine = process.arch === 'arm64' ? 'aarch64' : process.arch === 'x64' ? 'x86_64' : process.arch;
  return ['usr/lib', 'lib']
    .flatMap((lib) => [join(folder, lib, `${machine}-linux-gnu`), join(folder, lib)])
    .join(':');
}

function readManifest(folder: string): RedisProgram | undefined {
  try {
    const { server, product, version } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const path = join(folder, 'usr/bin', server);
    if (!existsSync(path)) return undefined;
    return {
      kind: 'redis',
      server: path,
      product,
      version,
      libraryPath: libraryPath(folder),
      source: `the Debian package ${server}, unpacked in ${folder}`,
    };
  } catch {
    return undefined;
  }
}
