import { join } from 'node:path';
import { ensureServices } from '../services/ensure-services.ts';
import type { FleetProcess } from './fleet.ts';
import type { System } from './run-system.ts';

/** The fleet as it starts fastest: each app from its bundle, which is of the sources as they are now. */
export async function bundleFleet({ paths, fleet, report }: System): Promise<readonly FleetProcess[]> {
  const folder = await ensureServices({ root: paths.root, report });
  return fleet.map((app) => ({ ...app, entry: join(folder, `${appOf(app.entry)}.mjs`) }));
}

/** `apps/<app>/src/main.ts` */
const appOf = (entry: string): string | undefined => entry.split('/')[1];
