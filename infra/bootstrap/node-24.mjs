import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';

const MAJOR = 24;
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * Node 24 as the npm package `node` brings it, else this very process's Node if it is a 24: some platforms
 * (musl, for one) have no package.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function findNode(root) {
  const packaged = packagedNode(root);
  // Asking it for its version would cost 40 ms at each start; installNode has asked, and left none that fails.
  if (existsSync(packaged)) return packaged;
  return process.versions.node.startsWith(`${MAJOR}.`) ? process.execPath : undefined;
}

/** @param {string} root */
function packagedNode(root) {
  return join(root, 'node_modules', '.bin', 'node');
}

/**
 * The package's install script fetches the program for this platform. npm blocks install scripts, so it is run
 * here, once, when node_modules was just filled.
 *
 * @param {string} root
 * @returns {string}
 */
export function installNode(root) {
  const folder = join(root, 'node_modules', 'node');
  const output = existsSync(packagedNode(root)) ? '' : runInstallScript(folder);
  linkPackagedNode(root);
  if (versionOf(packagedNode(root))?.startsWith(`v${MAJOR}.`)) return packagedNode(root);
  // One that does not run here must not be found at the next start.
  for (const path of [join(folder, 'bin'), packagedNode(root)])
    rmSync(path, { recursive: true, force: true });
  if (process.versions.node.startsWith(`${MAJOR}.`)) return process.execPath;
  throw new Error(
    `Trunkline runs on Node ${MAJOR}, and the npm package that brings it did not work here:\n` +
      `${output.trim().split('\n').slice(-12).join('\n')}\n` +
      `Check the network and run this again, or install Node ${MAJOR} (https://nodejs.org) and run it with that.`,
  );
}

/**
 * The Node that was here before us. npm puts node_modules/.bin first on the PATH, so a second start may already run
 * on the packaged Node; and installing anew removes that from under our feet.
 */
export function outerNode() {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const candidates = [process.env['npm_node_execpath'], process.execPath, ...onPath];
  return (
    candidates.find(
      (path) => path !== undefined && !path.split(sep).includes('node_modules') && existsSync(path),
    ) ?? process.execPath
  );
}

/**
 * npm links a package's programs when it unpacks it, and this one's program was not there yet.
 *
 * @param {string} root
 */
function linkPackagedNode(root) {
  if (existsSync(packagedNode(root)) || !existsSync(join(root, 'node_modules', 'node', 'bin', 'node')))
    return;
  rmSync(packagedNode(root), { force: true });
  symlinkSync(join('..', 'node', 'bin', 'node'), packagedNode(root));
}

/** @param {string} folder */
function runInstallScript(folder) {
  console.log(`Fetching Node ${MAJOR} ...`);
  try {
    return execFileSync(outerNode(), ['installArchSpecificPackage.js'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_TIMEOUT_MS,
    });
  } catch (error) {
    const { stderr = '', message } = /** @type {Error & { stderr?: string }} */ (error);
    return `${stderr}${message}`;
  }
}

/** @param {string} node */
function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
