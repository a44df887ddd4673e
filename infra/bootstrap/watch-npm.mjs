import { execFileSync } from 'node:child_process';
import {
  isProcess,
  processStartTime,
} from '../../packages/backing-services/src/processes/process-identity.mjs';

const POLL_MS = process.platform === 'linux' ? 300 : 1_000;

/** npm runs a script through a shell at most; further up is whoever called npm, and that is not our business. */
const LEVELS_MAX = 3;

/**
 * Calls back when the npm that runs this script, or the shell between, is gone without a word: a SIGKILL reaches
 * only npm itself, and for whoever sent it, npm is the command.
 *
 * @param {() => void} onDeath
 * @returns {() => void} stops watching
 */
export function watchNpm(onDeath) {
  if (process.env['npm_lifecycle_event'] === undefined) return () => {};
  const watched = ancestorsUpToNpm();
  const timer = setInterval(() => {
    if (watched.every(({ pid, startTime }) => isProcess(pid, startTime))) return;
    clearInterval(timer);
    onDeath();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Nothing where no npm is found: the script was then started by hand, with npm's variables in the shell. */
function ancestorsUpToNpm() {
  const found = [];
  for (let pid = process.ppid, level = 0; level < LEVELS_MAX && pid > 1; level += 1) {
    const { parent, command } = describe(pid);
    found.push({ pid, startTime: processStartTime(pid) ?? '' });
    if (/\bnpm\b/.test(command) && !/\bsh\b.* -c /.test(command)) return found;
    pid = parent;
  }
  return [];
}

/** @param {number} pid */
function describe(pid) {
  try {
    const row = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parent = '0', ...command] = row.split(/\s+/);
    return { parent: Number(parent), command: command.join(' ') };
  } catch {
    return { parent: 0, command: '' };
  }
}
