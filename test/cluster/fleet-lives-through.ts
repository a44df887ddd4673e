import { startPostgresServer } from '@trunkline/backing-services/testing';
import { sleep } from '@trunkline/service-kit';
import { runFleetIn, type FleetStormReport } from '../chaos/fleet/fleet-storm.ts';

export interface Happening {
  readonly name: string;
  readonly happen: (prefix: string) => Promise<void>;
}

const replicas = { connector: 2, 'lifecycle-worker': 2, 'cleanup-worker': 2, 'stuck-call-worker': 1 };

/** Between two happenings calls go on, begin and end. */
const CALM_MS = 5_000;

/** A fleet with traffic on this Redis, while one thing after the other happens to it; then everything must be as the PBXs say. */
export async function fleetLivesThrough(
  redisUrl: string,
  happenings: readonly Happening[],
): Promise<FleetStormReport> {
  await using postgres = await startPostgresServer();
  const seed = Date.now() % 1_000_000;
  return await runFleetIn(
    { seed, replicas, pbxs: 3 },
    {
      databaseUrl: postgres.url,
      redisUrl,
      rage: async ({ prefix }) => {
        for (const { happen } of happenings) {
          await sleep(CALM_MS);
          await happen(prefix);
        }
        await sleep(CALM_MS);
        return new Map(happenings.map(({ name }) => [name, 1]));
      },
    },
  );
}
