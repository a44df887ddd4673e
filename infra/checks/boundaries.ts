import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { checkModule, roomOf } from './check-module.ts';
import type { Declared, Violation } from './check-module.ts';

/** The import directions of the whole checkout. Run by `npm run verify`. */

const root = join(import.meta.dirname, '..', '..');

const modules = globSync(['{apps,packages,infra,test}/**/*.{ts,tsx,mjs,js}', '*.ts'], {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === 'dist',
}).map((path) => path.split(sep).join('/'));

const rootPackage = readPackage('package.json');
const declaredBy = new Map<string, Declared>();

function declaredIn(room: string): Declared {
  const known = declaredBy.get(room);
  if (known !== undefined) return known;
  const own = readPackage(join(room, 'package.json'));
  const declared = {
    dependencies: new Set(Object.keys({ ...own.dependencies, ...own.peerDependencies })),
    devDependencies: new Set(Object.keys({ ...own.devDependencies, ...rootPackage.devDependencies })),
  };
  declaredBy.set(room, declared);
  return declared;
}

type Package = Partial<
  Record<'dependencies' | 'devDependencies' | 'peerDependencies', Record<string, string>>
>;

function readPackage(path: string): Package {
  const full = join(root, path);
  return existsSync(full) ? (JSON.parse(readFileSync(full, 'utf8')) as Package) : {};
}

const violations: Violation[] = modules.flatMap((path) =>
  checkModule({ path, source: readFileSync(join(root, path), 'utf8') }, declaredIn(roomOf(path))),
);

for (const { path, line, message } of violations) console.error(`${path}:${line}  ${message}`);
console.log(`boundaries: ${modules.length} modules, ${violations.length} violations`);
if (violations.length > 0) process.exitCode = 1;
