import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What the build of the console is made of, from the root of the checkout: itself, and what of ours it bundles. */
const parts = [
  'apps/console',
  'packages/realtime-client/src',
  'packages/realtime-protocol/src',
  'packages/realtime-react/src',
  'infra/console',
  'package-lock.json',
];

/** A name for the content of all sources: the same sources give the same name, on whichever machine. */
export async function nameOfSources(root: string): Promise<string> {
  const paths = (await Promise.all(parts.map((part) => filesIn(join(root, part))))).flat().sort();
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = createHash('sha256').update(await readFile(path));
    hash.update(`${relative(root, path)}\n${content.digest('hex')}\n`);
  }
  return hash.digest('hex');
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) =>
    (error as { code?: string }).code === 'ENOTDIR' ? null : Promise.reject(error),
  );
  if (entries === null) return [path];
  const found = entries
    .filter(({ name }) => !isLeftOut(name))
    .map(async (entry) => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)]));
  return (await Promise.all(found)).flat();
}

/** What a build leaves behind, and what is no part of it. */
const isLeftOut = (name: string): boolean =>
  name === 'node_modules' || name.startsWith('dist') || name.startsWith('.') || /\.test\.tsx?$/.test(name);
