import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * A name for the content of what a build is made of, files and folders from the root of the checkout on: the same sources give the same name,
 * on whichever machine.
 */
export async function nameOfSources(root: string, parts: readonly string[]): Promise<string> {
  const paths = (await Promise.all(parts.map((part) => filesIn(join(root, part))))).flat().sort();
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  const hash = createHash('sha256');
  for (const [index, path] of paths.entries()) {
    const content = createHash('sha256').update(contents[index] ?? '');
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
