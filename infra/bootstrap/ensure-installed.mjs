import { join } from 'node:path';
import { isProcess } from '../../packages/backing-services/src/processes/process-identity.mjs';
import { readHolder, takeLock } from '../../packages/backing-services/src/processes/file-lock.mjs';
import { installPackages } from './install-packages.mjs';
import { isInstalled, rememberInstalled } from './installed.mjs';
import { findNode, installNode } from './node-24.mjs';

/** A first install on a slow line takes minutes; whoever waits longer than this waits for something stuck. */
const LOCK_TIMEOUT_MS = 20 * 60_000;

/**
 * Sees to it that node_modules holds what package-lock.json says, and answers with the path of Node 24. Two that
 * do this at once would ruin node_modules, so one of them waits and then finds nothing left to do.
 *
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function ensureInstalled(root) {
  const ready = isInstalled(root) ? findNode(root) : undefined;
  if (ready !== undefined) return ready;
  const lock = await takeLock(join(root, '.trunkline', 'install.lock'), {
    timeoutMs: LOCK_TIMEOUT_MS,
    onWait: (pid) => console.log(`Waiting for process ${pid}, which is installing packages ...`),
  });
  try {
    if (!isInstalled(root)) {
      refuseWhileRunning(root);
      await installPackages(root);
    }
    const node = installNode(root);
    rememberInstalled(root);
    return node;
  } finally {
    lock.release();
  }
}

/**
 * Installing removes the packages that a running system still loads from.
 *
 * @param {string} root
 */
function refuseWhileRunning(root) {
  const holder = readHolder(join(root, '.trunkline', 'running.lock'));
  if (holder === undefined || !isProcess(holder.pid, holder.startTime)) return;
  throw new Error(
    `package-lock.json has changed, but this checkout's system is running (process ${holder.pid}) from the ` +
      'packages installed before. Stop it, then run this again.',
  );
}
