import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '@trunkline/backing-services';
import { compressFiles } from './compress-files.ts';
import { nameOfSources } from '../sources/name-of-sources.ts';
import { runVite } from './run-vite.ts';

export interface ConsoleBuild {
  /** Of the checkout. */
  readonly root: string;
  readonly report: (line: string) => void;
  readonly stop?: AbortSignal;
  readonly onStart?: (pid: number) => void;
}

/** What the console is made of: itself, and what of ours it bundles. */
const parts = [
  'apps/console',
  'packages/realtime-client/src',
  'packages/realtime-protocol/src',
  'packages/realtime-react/src',
  'infra/console',
  'package-lock.json',
];

/** Somebody else in this checkout may be building it. */
const waitMs = 120_000;

/** Names the sources a build was made of. It is written last, so a build without it is not whole. */
const stampFile = '.sources';

/** Builds the console where its build is missing or of other sources, and gives the folder; null where there is none. */
export async function ensureConsole(build: ConsoleBuild): Promise<string | null> {
  const { root } = build;
  const app = join(root, 'apps/console');
  if (!existsSync(join(app, 'package.json'))) return null;
  const folder = join(app, 'dist');
  const sources = await nameOfSources(root, parts);
  if (await isBuilt(folder, sources)) return folder;
  const lock = await takeLock(join(root, '.trunkline/console.lock'), { timeoutMs: waitMs });
  try {
    if (!(await isBuilt(folder, sources))) await buildAnew(app, folder, sources, build);
  } finally {
    lock.release();
  }
  return folder;
}

/** Beside the old one, which takes its place when it is whole: whoever serves it never sees half of it. */
async function buildAnew(
  app: string,
  folder: string,
  sources: string,
  { report, stop, onStart }: ConsoleBuild,
): Promise<void> {
  const startedAt = performance.now();
  report('Building the console ...');
  const next = `${folder}.next`;
  await runVite({ app, outDir: next, stop, onStart });
  await compressFiles(next);
  await writeFile(join(next, stampFile), sources);
  await rm(folder, { recursive: true, force: true });
  await rename(next, folder);
  report(`Built the console in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
}

const isBuilt = async (folder: string, sources: string): Promise<boolean> =>
  (await readFile(join(folder, stampFile), 'utf8').catch(() => '')) === sources;
