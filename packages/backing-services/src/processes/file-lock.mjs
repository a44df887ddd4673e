import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import { isProcess, processStartTime } from './process-identity.mjs';

const POLL_MS = 100;
const UNREADABLE_MS = 1_000;

/**
 * A lock between processes: a file that names its holder. A holder that died without letting go is recognised by
 * id and start time, and its lock is taken over. Plain JavaScript, because the bootstrap needs it first of all.
 *
 * Taking over renames the dead lock away, which only one of several takers can do. Should a taker find that it
 * renamed a lock which somebody else had just renewed, it puts that one back.
 *
 * @param {string} path
 * @param {object} options
 * @param {number} options.timeoutMs
 * @param {(holder: number) => void} [options.onWait] told once whom it waits for
 * @param {(holder: number) => string} [options.refusal] the error's message when the wait was in vain
 * @returns {Promise<{ release: () => void }>}
 */
export async function takeLock(path, { timeoutMs, onWait, refusal }) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid) });
  let told = false;
  for (const deadline = Date.now() + timeoutMs; ; await new Promise((done) => setTimeout(done, POLL_MS))) {
    if (tryTake(path, mine)) return { release: () => rmSync(path, { force: true }) };
    const holder = readHolder(path);
    if (holder === undefined) {
      // Let go just now, or not for us to read.
      if (Date.now() > deadline + UNREADABLE_MS)
        throw new Error(`${path} cannot be read. Is it another user's?`);
      continue;
    }
    if (!isProcess(holder.pid, holder.startTime)) {
      buryDeadLock(path, holder.text);
      continue;
    }
    if (Date.now() >= deadline) throw new Error((refusal ?? stuck(path, timeoutMs))(holder.pid));
    if (!told) onWait?.(holder.pid);
    told = true;
  }
}

/**
 * @param {string} path
 * @param {number} timeoutMs
 * @returns {(holder: number) => string}
 */
function stuck(path, timeoutMs) {
  return (holder) => `Process ${holder} has held ${path} for longer than ${timeoutMs} ms. Is it stuck?`;
}

/**
 * Creates the lock complete with its text, or not at all: a reader never sees half of it.
 *
 * @param {string} path
 * @param {string} text
 */
function tryTake(path, text) {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Who holds the lock, or held it until it died: see isProcess.
 *
 * @param {string} path
 * @returns {{ pid: number, startTime: string, text: string } | undefined}
 */
export function readHolder(path) {
  try {
    const text = readFileSync(path, 'utf8');
    const { pid, startTime } = JSON.parse(text);
    return { pid, startTime, text };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
function buryDeadLock(path, text) {
  const grave = `${path}.${randomUUID()}`;
  try {
    renameSync(path, grave);
    if (readFileSync(grave, 'utf8') !== text) linkSync(grave, path);
  } catch {
    // Somebody else was quicker; the next look decides.
  } finally {
    rmSync(grave, { force: true });
  }
}
