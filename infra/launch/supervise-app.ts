import { setTimeout as sleep } from 'node:timers/promises';
import { keepAlive } from '@trunkline/backing-services';
import type { KeptAlive, RestartPolicy, Warden } from '@trunkline/backing-services';
import { spawnApp } from './app-process.ts';
import type { FleetProcess, Surroundings } from './fleet.ts';

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 100;

export type SupervisedApp = KeptAlive & {
  /** Resolves when it first answers as ready; rejects when it is given up before. */
  readonly ready: Promise<void>;
};

export type Supervision = {
  readonly root: string;
  readonly surroundings: Surroundings;
  readonly warden: Warden;
  readonly report: (line: string) => void;
  readonly policy?: RestartPolicy;
};

/** Runs an app until it is stopped, whatever becomes of its processes in between. */
export function superviseApp(app: FleetProcess, supervision: Supervision): SupervisedApp {
  const spawn = () => spawnApp(app, supervision);
  const { report, policy } = supervision;
  const life = keepAlive(spawn(), () => Promise.resolve(spawn()), {
    name: app.name,
    report,
    ...(policy === undefined ? {} : { policy }),
  });
  const stopping = new AbortController();
  const ready = Promise.race([
    untilReady(app, supervision.surroundings, stopping.signal),
    life.lost.then((reason) => Promise.reject(new Error(reason))),
  ]);
  // Whoever stops an app that never became ready no longer waits for it.
  ready.catch(() => {});
  return {
    ready,
    lost: life.lost,
    stop: async () => {
      stopping.abort();
      await life.stop();
    },
  };
}

async function untilReady(
  app: FleetProcess,
  surroundings: Surroundings,
  stopping: AbortSignal,
): Promise<void> {
  const url = app.readyUrl?.(surroundings);
  if (url === undefined) return;
  let last = 'it was never asked';
  for (const deadline = performance.now() + READY_TIMEOUT_MS; performance.now() < deadline;) {
    if (stopping.aborted) return;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.status === 200) return;
      last = `it answers ${response.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(READY_POLL_MS);
  }
  throw new Error(`${app.name} was not ready at ${url} within ${READY_TIMEOUT_MS} ms: ${last}`);
}
