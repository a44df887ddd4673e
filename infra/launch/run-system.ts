import { forgetRunningStores, noteRunningStores, startBackingServices } from '@trunkline/backing-services';
import type { BackingConfig, CheckoutPaths, Warden } from '@trunkline/backing-services';
import { prepareDatabase } from '@trunkline/database';
import type { FleetProcess } from './fleet.ts';
import { startFleet } from './start-fleet.ts';
import type { RunningFleet } from './start-fleet.ts';

export type System = {
  readonly paths: CheckoutPaths;
  readonly config: BackingConfig;
  readonly fleet: readonly FleetProcess[];
  readonly warden: Warden;
  readonly stop: AbortSignal;
  readonly report: (line: string) => void;
  /** Makes of the fleet what is started, while the stores start. */
  readonly bundle?: ((system: System) => Promise<readonly FleetProcess[]>) | undefined;
  /** Done while stores and apps start, such as building what one of them serves. */
  readonly meanwhile?: ((system: System) => Promise<void>) | undefined;
};

/** How long an orderly stop may take: an app's grace, a store's, and some. The warden kills what is left then. */
const ORDERLY_STOP_MS = 12_000;

/**
 * Resolves when the system was asked to stop and is down, rejects when it cannot start or cannot go on. A start
 * that is asked to stop while it waits (for a download, say) is given its time and then left behind.
 */
export async function runSystem(system: System): Promise<void> {
  const asked = aborted(system.stop);
  const running = upAndDown(system, asked);
  const overdue = asked.then(() => delay(ORDERLY_STOP_MS));
  try {
    await Promise.race([running, overdue]);
  } catch (error) {
    // Being stopped in the middle makes one step or another fail, and that is no news.
    if (!system.stop.aborted) throw error;
  }
}

/** Stores, then migrations, then the fleet; and down in the reverse order. */
async function upAndDown(system: System, asked: Promise<void>): Promise<void> {
  const { stop, report } = system;
  const startedAt = performance.now();
  const meanwhile = system.meanwhile?.(system);
  const fleet = Promise.resolve(system.bundle?.(system) ?? system.fleet);
  // It is told below, where it is waited for.
  fleet.catch(() => undefined);
  const backing = await startBackingServices(system);
  let apps: RunningFleet | undefined;
  try {
    if (stop.aborted) return;
    const migrations = await prepareDatabase(backing.postgres.url, new Date());
    if (migrations.length > 0) report(`Migrated the database: ${migrations.join(', ')}`);
    if (stop.aborted) return;
    noteRunningStores(system.paths, { databaseUrl: backing.postgres.url, redisUrl: backing.redis.url });
    apps = await startFleet(await fleet, { ...system, backing });
    await meanwhile;
    if (stop.aborted) return;
    report(`Started in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s. Ctrl-C stops it.`);
    report(`Trunkline is ready: ${[...apps.shown, backing.postgres.label, backing.redis.label].join(', ')}`);
    for (const address of apps.opens) report(`Open ${address}`);
    const lost = await Promise.race([asked, backing.postgres.lost, backing.redis.lost, apps.lost]);
    if (lost !== undefined) throw new Error(lost);
  } finally {
    report('\nStopping ...');
    forgetRunningStores(system.paths);
    await apps?.stop();
    await backing.stop();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
