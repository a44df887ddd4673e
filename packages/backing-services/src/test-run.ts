import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutPaths } from './checkout-paths.ts';
import { processStartTime } from './processes/process-identity.mjs';

/** Names the running test run's folder for the processes that it starts. */
const variable = 'TRUNKLINE_TEST_RUN';

/**
 * A folder of this test run's own. Its name tells the process it belongs to, so that a later run can clear away
 * what a killed one left behind.
 */
export function openTestRun(): { folder: string; close(): void } {
  const { tests } = checkoutPaths();
  removeDeadRuns(tests);
  const folder = join(tests, runName(process.pid));
  mkdirSync(folder, { recursive: true });
  process.env[variable] = folder;
  return {
    folder,
    close: () => {
      delete process.env[variable];
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let own: ReturnType<typeof openTestRun> | undefined;

/** The folder of the run this process belongs to; a script outside a run gets one of its own until it exits. */
export function testRunFolder(): string {
  const inherited = process.env[variable];
  if (inherited !== undefined) return inherited;
  if (own === undefined) {
    const run = openTestRun();
    process.once('exit', () => run.close());
    own = run;
  }
  return own.folder;
}

function removeDeadRuns(tests: string): void {
  mkdirSync(tests, { recursive: true });
  for (const name of readdirSync(tests)) {
    if (name !== runName(Number.parseInt(name, 10)))
      rmSync(join(tests, name), { recursive: true, force: true });
  }
}

/** A name that only the living process of this id has. */
function runName(pid: number): string {
  return `${pid}-${(processStartTime(pid) ?? 'dead').replaceAll(/\W/g, '_')}`;
}

/** mkdtemp makes private folders; a server that runs under another account must be able to enter this one. */
export function letPass(folder: string): void {
  chmodSync(folder, 0o711);
}
