import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

type Entry = {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
};

const { packages } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8'),
) as { packages: Record<string, Entry> };

/** Where npm would find a package for one that lies at the path: beside it, or in any node_modules further up. */
function isListed(name: string, from: string): boolean {
  const folders = from.split('/node_modules/');
  return (
    folders.some((_, index) => {
      const folder = folders.slice(0, folders.length - index).join('/node_modules/');
      return packages[`${folder}/node_modules/${name}`] !== undefined;
    }) || packages[`node_modules/${name}`] !== undefined
  );
}

/**
 * npm leaves out of the lock file what it cannot find at the time, such as a platform's package that the registry
 * does not have yet, and `npm ci` then refuses the lock file, on every platform.
 */
it("lists every platform's packages, so that npm ci accepts it", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isListed(name, path))
      .map((name) => `${name}, which ${path} may need`),
  );
  expect(missing).toEqual([]);
});
