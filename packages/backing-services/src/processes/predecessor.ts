import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson, writePrivateJson } from '../private-json.ts';
import { isProcess, processStartTime } from './process-identity.mjs';

/** A warden needs five seconds at most; what is still there later has nobody who will stop it. */
export const patience = { wardenMs: 6_000, ownMs: 10_000 };
const POLL_MS = 50;

type Written = { readonly pid: number; readonly startTime: string };

/** Writes down which process serves a data folder, for the next start to read. */
export function writeServing(pidFile: string, pid: number): void {
  const startTime = processStartTime(pid);
  if (startTime !== undefined) writePrivateJson(pidFile, { pid, startTime } satisfies Written);
}

/**
 * Two servers on one data folder would ruin it, and Redis does not guard against that. So before a server starts,
 * the one that served the folder before must be gone: mostly it is, sometimes its warden is just stopping it, and
 * if launcher and warden were both killed, nobody else is left to stop it but us.
 */
export async function outlivePredecessor(
  pidFile: string,
  stopSignal: NodeJS.Signals,
  { wardenMs, ownMs } = patience,
): Promise<void> {
  const written = readJson(pidFile) as Written | undefined;
  if (written === undefined) return;
  const alive = () => isProcess(written.pid, written.startTime);
  if (!(await goneWithin(alive, wardenMs))) {
    process.kill(written.pid, stopSignal);
    process.kill(written.pid, 'SIGCONT');
    if (!(await goneWithin(alive, ownMs))) {
      throw new Error(
        `Process ${written.pid}, left over from an earlier start, still serves this checkout's data and ignores ` +
          `${stopSignal}. End it (kill -9 ${written.pid}) and start again.`,
      );
    }
  }
  rmSync(pidFile, { force: true });
}

async function goneWithin(alive: () => boolean, patienceMs: number): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; alive(); await sleep(POLL_MS)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}
