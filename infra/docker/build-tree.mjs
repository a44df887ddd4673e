import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { reachable } from './reachable.mjs';

/**
 * The step that makes the image, as a script, so that it can be run and tested where there is no Docker:
 *
 *     node infra/docker/build-tree.mjs <checkout> <target>
 *
 * Installs what the lock file lists, then lays out in the target what the services need to run, and nothing else: no
 * development packages, no tests, no npm. A CycloneDX list of it all lies beside it. Nothing but Node and its npm is
 * needed, and the checkout's node_modules are made anew.
 */
const [source = '', target = ''] = process.argv.slice(2);

/** Rooms below apps/ that are no services of an installation. */
const notShipped = new Set(['console', 'dev-issuer', 'pbx-simulator']);

const services = readdirSync(join(source, 'apps')).filter(
  (name) => !notShipped.has(name) && existsSync(join(source, 'apps', name, 'src/main.ts')),
);

/** @param {string} folder @param {string[]} args */
const npm = (folder, ...args) =>
  execFileSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 << 20,
  });

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** @param {string} path */
function isShipped(path) {
  return !/\.(?:test|bench)\.ts$|\/(?:testing|fixtures)(?:\/|$)/.test(path.split(sep).join('/'));
}

/** @param {string} room */
function layOutRoom(room) {
  const { devDependencies: _, ...description } = readJson(join(source, room, 'package.json'));
  mkdirSync(join(target, room), { recursive: true });
  writeFileSync(join(target, room, 'package.json'), JSON.stringify(description, null, 2));
  cpSync(join(source, room, 'src'), join(target, room, 'src'), { recursive: true, filter: isShipped });
}

npm(source, 'ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
const lock = readJson(join(source, 'package-lock.json'));
const paths = reachable(
  lock.packages,
  // npm knows a room by the link to it.
  services.map((service) => `node_modules/@trunkline/${service}`),
);
const rooms = paths.filter((path) => !path.includes('node_modules/'));
for (const room of rooms) layOutRoom(room);
for (const path of paths.filter((path) => path.includes('node_modules/'))) {
  // What is for another platform was not installed.
  if (!existsSync(join(source, path))) continue;
  mkdirSync(dirname(join(target, path)), { recursive: true });
  const nested = join(source, path, 'node_modules');
  cpSync(join(source, path), join(target, path), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (from) => from !== nested,
  });
}
const { name, license, type } = readJson(join(source, 'package.json'));
// All rooms have one version, and the list of components wants one for the whole.
const { version } = readJson(join(source, 'apps/api/package.json'));
const root = { name, version, private: true, license, type, workspaces: rooms };
writeFileSync(join(target, 'package.json'), JSON.stringify(root, null, 2));
mkdirSync(join(target, 'infra/docker'), { recursive: true });
for (const file of ['start.mjs', 'healthy.mjs'])
  cpSync(join(source, 'infra/docker', file), join(target, 'infra/docker', file));
writeFileSync(
  join(target, 'sbom.cdx.json'),
  npm(target, 'sbom', '--sbom-format=cyclonedx', '--sbom-type=application'),
);
