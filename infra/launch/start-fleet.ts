import { rememberedPort, rememberedSecret, rememberPort } from '@trunkline/backing-services';
import type { BackingServices, CheckoutPaths, Warden } from '@trunkline/backing-services';
import type { FleetProcess, Surroundings } from './fleet.ts';
import { superviseApp } from './supervise-app.ts';
import type { SupervisedApp } from './supervise-app.ts';

export type RunningFleet = {
  /** What to show people. */
  readonly shown: readonly string[];
  /** What they open in a browser. */
  readonly opens: readonly string[];
  /** Resolves with the reason when a process keeps dying and is given up. */
  readonly lost: Promise<string>;
  stop(): Promise<void>;
};

export type FleetContext = {
  readonly paths: CheckoutPaths;
  readonly backing: BackingServices;
  readonly warden: Warden;
  readonly stop: AbortSignal;
  readonly report: (line: string) => void;
};

export async function startFleet(
  fleet: readonly FleetProcess[],
  { paths, backing, warden, stop, report }: FleetContext,
): Promise<RunningFleet> {
  const surroundings: Surroundings = {
    databaseUrl: backing.postgres.url,
    redisUrl: backing.redis.url,
    ports: await portsOf(fleet, paths),
    data: paths.data,
    secret: (name) => rememberedSecret(paths, name),
  };
  const running: SupervisedApp[] = [];
  const stopAll = async () => {
    for (const app of running.toReversed()) await app.stop();
  };
  try {
    for (const app of fleet) {
      if (stop.aborted) break;
      await app.prepare?.(surroundings);
      const supervised = superviseApp(app, { root: paths.root, surroundings, warden, report });
      running.push(supervised);
      await supervised.ready;
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return {
    shown: fleet.flatMap((app) => app.shown?.(surroundings) ?? []),
    opens: fleet.flatMap((app) => app.opens?.(surroundings) ?? []),
    lost: Promise.race([new Promise<never>(() => {}), ...running.map((app) => app.lost)]),
    stop: stopAll,
  };
}

async function portsOf(
  fleet: readonly FleetProcess[],
  paths: CheckoutPaths,
): Promise<Record<string, number>> {
  const names = fleet.flatMap((app) => app.ports.map((port) => `${app.name}.${port}`));
  const ports: Record<string, number> = {};
  for (const name of names) {
    ports[name] = await rememberedPort(paths, name);
    rememberPort(paths, name, ports[name]);
  }
  return ports;
}
