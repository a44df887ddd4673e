import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id alone does not name a process: ids are reused. The pair of id and start time does, so whoever
 * writes an id down to signal it later writes this beside it. Plain JavaScript, because the bootstrap and the
 * warden read it on whatever Node the machine has.
 *
 * @param {number} pid
 * @returns {string | undefined} undefined when no such process lives (a zombie does not live)
 */
export function processStartTime(pid) {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/**
 * @param {number} pid
 * @param {string} startTime
 */
export function isProcess(pid, startTime) {
  return processStartTime(pid) === startTime;
}

/** @param {number} pid */
function fromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function fromPs(pid) {
  try {
    const row = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state, ...started] = row.split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}
