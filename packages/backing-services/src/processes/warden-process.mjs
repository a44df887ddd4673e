import { createInterface } from 'node:readline';
import { isProcess } from './process-identity.mjs';

/**
 * The warden outlives whoever started it, by as long as it takes to stop what was registered with it.
 *
 * Its standard input is a pipe that only the launcher holds. However the launcher ends, SIGKILL included, the
 * kernel closes that pipe, and end of input is the warden's one cue: it signals every registered process that
 * is still the same process (id and start time), highest stage first, waits for each stage, and kills what has
 * not gone by then. It runs in its own session, so that a Ctrl-C meant for the launcher does not reach it.
 *
 * Plain JavaScript on purpose: the bootstrap uses it before anything is installed.
 */

const POLL_MS = 25;

/** @typedef {{ pid: number, startTime: string, signal: NodeJS.Signals, stage: number, graceMs: number }} Ward */

/** @type {Map<number, Ward>} */
const wards = new Map();

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.watch) wards.set(message.watch.pid, message.watch);
  if (message.forget) wards.delete(message.forget);
});
lines.on('close', () => void stopStages());

async function stopStages() {
  const stages = [...new Set([...wards.values()].map((ward) => ward.stage))].sort((a, b) => b - a);
  for (const stage of stages) {
    await Promise.all([...wards.values()].filter((ward) => ward.stage === stage).map(stop));
  }
}

/** @param {Ward} ward */
async function stop({ pid, startTime, signal, graceMs }) {
  const alive = () => isProcess(pid, startTime);
  if (!alive()) return;
  send(pid, signal);
  // A stopped process (SIGSTOP, Ctrl-Z) would never see the signal.
  send(pid, 'SIGCONT');
  for (const deadline = Date.now() + graceMs; alive() && Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (alive()) send(pid, 'SIGKILL');
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It went between the look and the signal.
  }
}
