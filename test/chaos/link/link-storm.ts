import { createTestDatabase, uniquePrefix } from '@trunkline/backing-services/testing';
import { addTenant, openDatabase, prepareDatabase } from '@trunkline/database';
import { createLogger, createRedisConnections, sleep } from '@trunkline/service-kit';
import { createRandom } from '../../support/random.ts';
import { ServiceFleet } from '../service-fleet.ts';
import { snapshotAll, untilLive } from './links-live.ts';
import { LinkWeather, type Strike } from './link-weather.ts';
import { openOffices } from './office.ts';
import { readPublished } from './published.ts';
import { stormEnvironment, stormShards } from './storm-environment.ts';
import { judge, type LinkVerdict } from './verdict.ts';

export interface LinkStormPlan {
  readonly seed: number;
  readonly redisUrl: string;
  readonly connectors: number;
  readonly pbxs: number;
  readonly stormMs: number;
}

export interface LinkStormReport extends LinkVerdict {
  readonly crashes: readonly string[];
  readonly strikes: Readonly<Partial<Record<Strike, number>>>;
  readonly calls: number;
  readonly events: number;
  readonly epochs: number;
  /** From the last fault until every link was live. */
  readonly liveAgainAfterMs: number;
  /** The last lines of the connectors, for a failure. */
  readonly log: readonly string[];
}

const LOOKS_MAX = 10;

/** On a busy machine processes take their time to begin. */
const STARTED_WITHIN_MS = 60_000;

/** Connectors, PBXs and everything that can happen between them; then calm, and what was said must equal what was. */
export async function runLinkStorm(plan: LinkStormPlan): Promise<LinkStormReport> {
  const { seed, redisUrl, connectors, pbxs, stormMs } = plan;
  const random = createRandom(seed);
  const prefix = uniquePrefix('link-storm').replace(/:$/, '');
  await using created = await createTestDatabase((url) =>
    prepareDatabase(url, new Date()).then(() => undefined),
  );
  await using database = await openDatabase({
    url: created.url,
    applicationName: 'storm',
    connectionsMax: 2,
  });
  const logger = createLogger({ name: 'storm', level: 'silent', redactPhoneNumbers: false });
  await using redis = createRedisConnections({ url: redisUrl, logger, name: 'storm' });
  await using opened = new AsyncDisposableStack();
  const tenant = await database.transaction((transaction) => addTenant(transaction, { name: 'Storm' }));
  const offices = await openOffices({ database, count: pbxs, seed, tenants: [tenant] }, opened);
  await using fleet = await ServiceFleet.start(
    { connector: connectors },
    { databaseUrl: created.url, redisUrl, prefix, environment: stormEnvironment },
  );

  await untilLive(database, offices, 'before the storm', fleet, STARTED_WITHIN_MS);
  const weather = new LinkWeather(fleet, offices, random);
  await weather.rage(stormMs);
  for (const { simulator } of offices) simulator.control.heal();
  const liveAgainAfterMs = await untilLive(database, offices, 'after the storm', fleet);
  await Promise.all(offices.map(({ simulator }) => simulator.control.settle()));
  await snapshotAll(database, offices);

  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const look = async () =>
    readPublished(connection as Parameters<typeof readPublished>[0], prefix, stormShards);
  let published = await look();
  let verdict = judge(offices, fleet, published);
  // The last words may still be on their way.
  for (let looks = 1; verdict.differences.length > 0 && looks < LOOKS_MAX; looks++) {
    await sleep(200);
    published = await look();
    verdict = judge(offices, fleet, published);
  }
  return {
    ...verdict,
    crashes: fleet.crashes,
    strikes: Object.fromEntries(weather.counts),
    calls: offices.reduce((sum, { simulator }) => sum + simulator.control.ledger().calls.length, 0),
    events: [...published.events.values()].reduce((sum, { length }) => sum + length, 0),
    epochs: fleet.leases.length,
    liveAgainAfterMs,
    log: fleet.log,
  };
}
