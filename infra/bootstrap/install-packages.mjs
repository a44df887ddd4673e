import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './run-npm.mjs';

const PROGRESS_EVERY_MS = 3_000;

/**
 * `npm ci`, with a line of progress now and then. Install scripts stay off on every npm, not only on those that
 * block them by default: the one we need is run by name afterwards.
 *
 * @param {string} root
 */
export async function installPackages(root) {
  const total = countPackages(root);
  const startedAt = Date.now();
  console.log(`Installing ${total} packages from package-lock.json ...`);
  let fetched = 0;
  const timer = setInterval(() => {
    console.log(
      fetched === 0 ? '  waiting for the registry' : `  ${Math.min(fetched, total)} of ${total} fetched`,
    );
  }, PROGRESS_EVERY_MS);
  try {
    await runNpm(
      root,
      [
        'ci',
        '--ignore-scripts',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
        '--loglevel=http',
      ],
      (line) => {
        if (/^npm http (?:fetch|cache) .*\.tgz/.test(line)) fetched += 1;
      },
    );
  } finally {
    clearInterval(timer);
  }
  console.log(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/**
 * The lock file lists every platform's packages; counted are those that this one gets.
 *
 * @param {string} root
 */
function countPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).filter(
    ([path, { link, os, cpu }]) =>
      path.includes('node_modules/') && !link && allows(os, process.platform) && allows(cpu, process.arch),
  ).length;
}

/**
 * @param {string[] | undefined} list
 * @param {string} mine
 */
function allows(list, mine) {
  if (list === undefined) return true;
  if (list.includes(`!${mine}`)) return false;
  return list.every((one) => one.startsWith('!')) || list.includes(mine);
}
