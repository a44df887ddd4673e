import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { processStartTime } from '../../packages/backing-services/src/processes/process-identity.mjs';
import { watchNpm } from './watch-npm.mjs';

const stopSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const wardenScript = join('packages', 'backing-services', 'src', 'processes', 'warden-process.mjs');

/** The launcher's own orderly stop takes this long at most; the warden kills only what hangs. */
const STOP_GRACE_MS = 15_000;

/**
 * Runs the command on Node 24 as if it were this process: same terminal, same folder, signals passed on, same
 * ending. Should this process or the npm above it be killed, the command is told to stop all the same.
 *
 * @param {string} root
 * @param {string} node
 * @param {string[]} args
 */
export async function handOver(root, node, args) {
  const [script = ''] = args;
  if (!existsSync(join(root, script)))
    throw new Error(`${script} is not there: this command is not built yet.`);
  const child = spawn(node, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      // Whatever the command starts by the name "node" is Node 24 as well.
      PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
      // Node keeps what it compiled, of our sources too: a process is then up in two thirds of the time.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(root, '.trunkline', 'cache', 'compiled'),
    },
  });
  for (const signal of stopSignals) {
    process.on(signal, () => {
      // A Ctrl-C in a terminal has reached the command already: it goes to the whole foreground group.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const release = guardAgainstOurDeath(root, node, child.pid ?? 0);
  const stopWatching = watchNpm(() => child.kill('SIGTERM'));
  const { code, signal } = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  stopWatching();
  release();
  process.exitCode =
    signal === null ? (code ?? 1) : 128 + constants.signals[/** @type {'SIGINT'} */ (signal)];
}

/**
 * A warden of the bootstrap's own, for one child. The script is named by its path: nothing may be
 * installed yet when this file is read.
 *
 * @param {string} root
 * @param {string} node
 * @param {number} pid
 * @returns {() => void}
 */
function guardAgainstOurDeath(root, node, pid) {
  const startTime = processStartTime(pid);
  if (startTime === undefined) return () => {};
  const warden = spawn(node, [join(root, wardenScript)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  warden.on('error', () => {});
  warden.stdin.on('error', () => {});
  warden.unref();
  const watch = { pid, startTime, signal: 'SIGTERM', stage: 0, graceMs: STOP_GRACE_MS };
  warden.stdin.write(`${JSON.stringify({ watch })}\n`);
  return () => warden.stdin.end();
}
