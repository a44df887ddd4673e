import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '@trunkline/backing-services';
import { nameOfSources } from '../sources/name-of-sources.ts';
import { bundleServices, servicesOf } from './bundle-services.ts';

export interface ServicesBuild {
  /** Of the checkout. */
  readonly root: string;
  readonly report: (line: string) => void;
}

const shared = ['packages', 'infra/services', 'package-lock.json'];

/** Somebody else in this checkout may be building them. */
const waitMs = 120_000;

/** Older builds may still run; of those before them nobody does. */
const keptBuilds = 4;

/**
 * All services as bundles, which start in a third of the time that their two thousand modules take; gives the folder in which each is
 * `<app>.mjs`. It has the name of the sources, so that whoever asks gets what the checkout says now, and whoever runs an older one keeps it.
 */
export async function ensureServices({ root, report }: ServicesBuild): Promise<string> {
  const all = join(root, '.trunkline/services');
  const parts = [...shared, ...(await servicesOf(root)).map((name) => `apps/${name}`)];
  const folder = join(all, (await nameOfSources(root, parts)).slice(0, 16));
  if (await isThere(folder)) return folder;
  await mkdir(all, { recursive: true });
  const lock = await takeLock(join(root, '.trunkline/services.lock'), { timeoutMs: waitMs });
  try {
    if (!(await isThere(folder))) await bundleAnew(root, folder, report);
    await forgetOld(all);
  } finally {
    lock.release();
  }
  return folder;
}

/** Whole before it has its name: nobody ever starts half of it. */
async function bundleAnew(root: string, folder: string, report: ServicesBuild['report']): Promise<void> {
  const startedAt = performance.now();
  const next = `${folder}.next`;
  await rm(next, { recursive: true, force: true });
  await bundleServices(root, next);
  await rename(next, folder);
  report(`Bundled the services in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
}

/** Says that it is in use, too. */
async function isThere(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const now = new Date();
  await utimes(folder, now, now);
  return true;
}

async function forgetOld(all: string): Promise<void> {
  const builds = await Promise.all(
    (await readdir(all)).map(async (name) => ({
      path: join(all, name),
      at: (await stat(join(all, name))).mtimeMs,
    })),
  );
  const old = builds.sort((one, other) => other.at - one.at).slice(keptBuilds);
  for (const { path } of old) await rm(path, { recursive: true, force: true });
}
