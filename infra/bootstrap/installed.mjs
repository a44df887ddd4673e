import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The stamp tells for which lock file and which platform node_modules was filled. Where there is none that fits,
 * npm's own record of what it installed is compared with the lock file, so that whoever has just run `npm install`
 * does not pay for it twice.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  try {
    return readFileSync(stampPath(root), 'utf8') === stamp(root) || agreesWithNpm(root);
  } catch {
    return agreesWithNpm(root);
  }
}

/** @param {string} root */
export function rememberInstalled(root) {
  writeFileSync(stampPath(root), stamp(root));
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.trunkline-installed');
}

/** @param {string} root */
function stamp(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform} ${process.arch}\n`;
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} Entry
 */

/** @param {string} root */
function agreesWithNpm(root) {
  try {
    const wanted = readPackages(join(root, 'package-lock.json'));
    const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
    return differences(wanted, installed).length === 0;
  } catch {
    return false;
  }
}

/**
 * The packages that should be there and are not, or not in that version. Optional ones may be missing: they are
 * for other platforms.
 *
 * @param {Record<string, Entry>} wanted
 * @param {Record<string, Entry>} installed
 * @returns {string[]}
 */
export function differences(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path]) => path.includes('node_modules/'))
    .filter(([path, entry]) => {
      const there = installed[path];
      if (there === undefined) return entry.optional !== true && entry.devOptional !== true;
      return there.version !== entry.version || there.integrity !== entry.integrity;
    })
    .map(([path]) => path);
}

/**
 * @param {string} path
 * @returns {Record<string, Entry>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}
