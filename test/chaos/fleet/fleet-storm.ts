import { uniquePrefix } from '@trunkline/backing-services/testing';
import { addTenant, openDatabase, prepareDatabase, type Database } from '@trunkline/database';
import type { CallHandle } from '@trunkline/pbx-simulator';
import { createLogger, createRedisConnections, sleep, type RedisConnections } from '@trunkline/service-kit';
import { createSweepRequests, SweepRequestError, type SweepReport } from '@trunkline/stuck-calls';
import { createRandom, type Random } from '../../support/random.ts';
import { Screen } from '../../support/screen.ts';
import { storedCalls } from '../../support/stored-calls.ts';
import { snapshotAll, untilLive } from '../link/links-live.ts';
import { officeTraffic, openOffices, type Office } from '../link/office.ts';
import { stormEnvironment } from '../link/storm-environment.ts';
import type { Verdict } from '../link/verdict.ts';
import { ServiceFleet, type ServiceName } from '../service-fleet.ts';
import { Aging } from './aging.ts';
import { FleetWeather } from './fleet-weather.ts';
import { judgeFleet, type Judged } from './fleet-verdict.ts';
import { loseHangup, placeCall, placeLongCalls } from './long-calls.ts';
import { StormStores } from './storm-stores.ts';

export interface FleetStormPlan {
  readonly seed: number;
  readonly replicas: Readonly<Partial<Record<ServiceName, number>>>;
  readonly pbxs: number;
}

/** Where the fleet lives, and what befalls it there. */
export interface Surroundings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Beside what every storm sets. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly rage: (
    fleet: ServiceFleet,
    offices: readonly Office[],
    random: Random,
  ) => Promise<ReadonlyMap<string, number>>;
}

export interface FleetStormReport extends Verdict {
  readonly seed: number;
  readonly crashes: readonly string[];
  readonly strikes: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly events: number;
  readonly epochs: number;
  /** Calls that sweeps ended during the storm and after it. */
  readonly swept: number;
  /** How often screens had to read the tables anew. */
  readonly reloads: number;
  /** From the last fault until every link was live. */
  readonly liveAgainAfterMs: number;
  /** From the end of the last sweep until everything was as it should be. */
  readonly rightAfterMs: number;
  readonly log: readonly string[];
}

/**
 * What the storm of links sets, and the workers' defaults in a fraction of the time. Many processes share few cores here, so
 * leases and heartbeats are more patient than there, and nobody looks around as often.
 */
const environment = {
  ...stormEnvironment,
  TRUNKLINE_LEASE_TTL: '3s',
  TRUNKLINE_LEASE_RENEWAL: '600ms',
  TRUNKLINE_LEASE_LOOK: '250ms',
  TRUNKLINE_LINK_DIAL: '3s',
  TRUNKLINE_LINK_ANSWER: '3s',
  TRUNKLINE_LINK_HEARTBEAT: '1s',
  TRUNKLINE_LINK_HEARTBEAT_ANSWER: '1s',
  TRUNKLINE_SNAPSHOT_EVERY: '15s',
  TRUNKLINE_CLEANUP_LOOK: '500ms',
  TRUNKLINE_RELAY_AFTER: '1s',
  TRUNKLINE_STUCK_CALLS_EVERY: '10s',
  TRUNKLINE_STUCK_CALLS_TIMEOUT: '1m',
  TRUNKLINE_STUCK_CALLS_RINGING_TIMEOUT: '1m',
  TRUNKLINE_STUCK_CALLS_ANSWER: '2s',
  TRUNKLINE_DOUBLE_BOOKING_EVERY: '1s',
};

/** Processes that lose a race for a busy machine are not what is looked for. */
const LIVE_WITHIN_MS = 180_000;
const SNAPSHOTS_WITHIN_MS = 60_000;
const SETTLED_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 300;

/**
 * All services as processes, their stores, several PBXs with traffic, and everything that can happen between them. Then
 * calm, a snapshot of each PBX and a sweep; and the tables, the screens and the audit must say what really was.
 */
export async function runFleetStorm(plan: FleetStormPlan & { stormMs: number }): Promise<FleetStormReport> {
  await using stores = await StormStores.start();
  return await runFleetIn(plan, {
    databaseUrl: stores.postgres.url,
    redisUrl: stores.redis.url,
    rage: async (fleet, offices, random) => {
      const weather = new FleetWeather(fleet, stores, offices, random);
      await weather.rage(plan.stormMs);
      return weather.counts;
    },
  });
}

/** The same, wherever the stores are and whatever befalls them. */
export async function runFleetIn(
  plan: FleetStormPlan,
  { databaseUrl, redisUrl, rage, environment: more }: Surroundings,
): Promise<FleetStormReport> {
  const { seed, replicas, pbxs } = plan;
  const random = createRandom(seed);
  await prepareDatabase(databaseUrl, new Date());
  await using database = await openDatabase({
    url: databaseUrl,
    applicationName: 'storm',
    connectionsMax: 6,
  });
  const logger = createLogger({ name: 'storm', level: 'silent', redactPhoneNumbers: false });
  await using redis = createRedisConnections({ url: redisUrl, logger, name: 'storm' });
  const prefix = uniquePrefix('fleet-storm').replace(/:$/, '');
  const tenants = await database.transaction(async (transaction) => [
    await addTenant(transaction, { name: 'North' }),
    await addTenant(transaction, { name: 'South' }),
  ]);
  await using opened = new AsyncDisposableStack();
  const offices = await openOffices({ database, count: pbxs, seed, tenants, isBusy: false }, opened);
  await Promise.all(offices.map(placeLongCalls));
  const screens = tenants.map((tenant) => opened.use(new Screen({ database, redis, prefix, tenant })));
  for (const screen of screens) screen.follow();
  await using fleet = await ServiceFleet.start(replicas, {
    databaseUrl,
    redisUrl,
    prefix,
    environment: { ...environment, ...more },
  });
  await untilLive(database, offices, 'before the storm', fleet, LIVE_WITHIN_MS);
  for (const { simulator } of offices) simulator.control.traffic(officeTraffic);

  await using aging = new Aging(database);
  const strikes = await rage(fleet, offices, random);
  for (const { simulator } of offices) simulator.control.heal();
  const liveAgainAfterMs = await untilLive(database, offices, 'after the storm', fleet, LIVE_WITHIN_MS);

  const judged = { database, offices, fleet, screens };
  await calmDown(judged);
  await loseAndSweep({ ...judged, redis, prefix, aging });
  await aging.undo();
  const sweptAt = performance.now();
  const verdict = await untilRight(judged);
  return {
    ...verdict,
    ...(await figuresOf(judged)),
    seed,
    strikes: Object.fromEntries(strikes),
    liveAgainAfterMs,
    rightAfterMs: Math.round(performance.now() - sweptAt),
  };
}

/** Traffic ends, but for calls that go on; and each PBX is asked for all that it has. */
async function calmDown({ database, offices }: Judged): Promise<void> {
  for (const { simulator } of offices) simulator.control.traffic(null);
  const isBusy = ({ simulator }: Office): boolean =>
    simulator.control.ledger().calls.filter(({ status }) => status !== 'ended').length > 2;
  await until(() => Promise.resolve(!offices.some(isBusy)), 'the traffic should end');
  // Those that have lived through the storm go on; a PBX that restarted gets others.
  const hasNone = ({ simulator }: Office): boolean =>
    simulator.control.ledger().calls.every(({ status }) => status === 'ended');
  await Promise.all(offices.filter(hasNone).map(placeLongCalls));
  await snapshotAll(database, offices, SNAPSHOTS_WITHIN_MS);
}

/** On each PBX a call ends without a word, and a sweep goes through everything that is open. */
async function loseAndSweep({
  database,
  offices,
  redis,
  prefix,
  aging,
}: Judged & {
  readonly redis: RedisConnections;
  readonly prefix: string;
  readonly aging: Aging;
}): Promise<void> {
  const calls = await Promise.all(offices.map(placeCall));
  await until(async () => {
    const open = await Promise.all(offices.map((office) => openCalls(database, office)));
    return offices.every(({ simulator }, index) =>
      simulator.control
        .ledger()
        .calls.every(({ key, status }) => status === 'ended' || open[index]?.has(key) === true),
    );
  }, 'the calls that go on should be known').catch(() => undefined); // The verdict says what is missing.
  await Promise.all(offices.map((office, index) => loseHangup(office, calls[index] as CallHandle)));
  await aging.once();
  const logger = createLogger({ name: 'storm', level: 'silent', redactPhoneNumbers: false });
  await using requests = createSweepRequests({ redis, prefix, logger });
  await until(async () => {
    const request = { dryRun: false, verify: true, by: 'storm' };
    const report = await requests.requestSweep(request, { deadlineMs: SETTLED_WITHIN_MS }).catch(retryable);
    return report?.state === 'done';
  }, 'a sweep should be made');
}

/** A sweep that is broken off or meets another one is asked for again. */
function retryable(error: unknown): SweepReport | null {
  if (error instanceof SweepRequestError) return null;
  throw error;
}

async function openCalls(database: Database, { pbx }: Office): Promise<ReadonlySet<string>> {
  const { calls } = await storedCalls(database, pbx);
  return new Set(calls.filter(({ status }) => status !== 'ended').map(({ key }) => key));
}

/** The last words may still be on their way. */
async function untilRight(judged: Judged): Promise<Verdict> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const verdict = await judgeFleet(judged);
    if (verdict.differences.length === 0 || performance.now() > deadline) return verdict;
    await sleep(LOOK_EVERY_MS);
  }
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what}, and did not within ${SETTLED_WITHIN_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function figuresOf({ database, offices, fleet, screens }: Judged) {
  const [counted] = await database.run((transaction) =>
    transaction.query<{ events: number; swept: number }>(
      `select count(*) filter (where type not like 'sweep.%')::integer as events,
         count(*) filter (where type = 'sweep.ended')::integer as swept from call_event`,
    ),
  );
  return {
    calls: offices.reduce((sum, { simulator }) => sum + simulator.control.ledger().calls.length, 0),
    events: counted?.events ?? 0,
    swept: counted?.swept ?? 0,
    epochs: fleet.leases.length,
    reloads: screens.reduce((sum, { reloads }) => sum + reloads, 0),
    crashes: fleet.crashes,
    log: fleet.log,
  };
}
