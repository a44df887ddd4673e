import { testAudience, TestIssuer } from '@trunkline/access/testing';
import { openDatabase, prepareDatabase, type Database } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { sleep } from '@trunkline/service-kit';
import { runFleetIn, type FleetStormReport } from '../fleet/fleet-storm.ts';
import { StormStores } from '../fleet/storm-stores.ts';
import type { Office } from '../link/office.ts';
import { ServiceFleet, type ServiceName, type Stopped } from '../service-fleet.ts';
import { Browser } from './browser.ts';

export interface RollingPlan {
  readonly seed: number;
  readonly restarts: number;
  readonly replicas: Readonly<Partial<Record<ServiceName, number>>>;
  readonly pbxs: number;
  readonly browsersPerTenant: number;
}

export interface RollingReport extends FleetStormReport {
  /** Of services that had work to do, in the order of their restarts. */
  readonly stops: readonly Stopped[];
  /** How often browsers were moved to another node, and how often something was told them from the start. */
  readonly moves: number;
  readonly resets: number;
}

const servedWithinMs = 90_000;
const calmWithinMs = 90_000;
const lookEveryMs = 250;
/** What idle processes do as they begin is done by then. */
const idleMs = 1_000;

/** Moves browsers over so long, in place of the quarter of a minute that a deployment grants. */
const drain = { TRUNKLINE_PUSH_DRAIN: '2s' };

/**
 * Every service is stopped as a deployment stops it and replaced, one after the other, while calls go on; half-way the schema
 * becomes that of a next version. Each must end by itself and with code 0, and tables, audit, feed and browsers must be as the
 * PBXs say.
 */
export async function runRolling(plan: RollingPlan): Promise<RollingReport> {
  const { seed, replicas, pbxs, restarts, browsersPerTenant } = plan;
  await using stores = await StormStores.start();
  await using issuer = await TestIssuer.start();
  await using opened = new AsyncDisposableStack();
  const stops: Stopped[] = [];
  const missed: string[] = [];
  const browsers: Browser[] = [];
  const report = await runFleetIn(
    { seed, replicas, pbxs },
    {
      databaseUrl: stores.postgres.url,
      redisUrl: stores.redis.url,
      environment: { ...drain, ...accessOf(issuer), ...webhookKey },
      rage: async (fleet, offices) => {
        const database = opened.use(
          await openDatabase({ url: stores.postgres.url, applicationName: 'rolling', connectionsMax: 2 }),
        );
        await fleet.untilStarted(servedWithinMs);
        for (const tenant of await tenantsOf(database)) {
          const token = await issuer.token({ tenant, roles: ['supervisor'], exp: inAnHour() });
          for (let index = 0; index < browsersPerTenant; index += 1) {
            browsers.push(opened.use(new Browser({ tenant, token, ports: () => fleet.ports })));
          }
        }
        await until(() => Promise.resolve(browsers.every(({ isLive }) => isLive)), 'browsers should be live');
        for (let restart = 0; restart < restarts; restart += 1) {
          if (restart === Math.floor(restarts / 2)) await growSchema(database);
          stops.push(...(await fleet.restart(restart % fleet.size)));
          await fleet.untilStarted(servedWithinMs);
        }
        missed.push(...(await whatBrowsersMissed(browsers, database, offices)));
        return new Map(
          Object.entries(Object.groupBy(stops, ({ service }) => service)).map(([service, some]) => [
            service,
            some?.length ?? 0,
          ]),
        );
      },
    },
  );
  return {
    ...report,
    differences: [...report.differences, ...missed, ...stops.flatMap(wrongEnd)],
    stops,
    moves: browsers.reduce((sum, { moves }) => sum + moves, 0),
    resets: browsers.reduce((sum, { resets }) => sum + resets, 0),
  };
}

/** How long each service takes to stop that has nothing to do. */
export async function stopIdle(replicas: RollingPlan['replicas'], rounds: number): Promise<Stopped[]> {
  await using stores = await StormStores.start();
  await using issuer = await TestIssuer.start();
  await prepareDatabase(stores.postgres.url, new Date());
  await using fleet = await ServiceFleet.start(replicas, {
    databaseUrl: stores.postgres.url,
    redisUrl: stores.redis.url,
    prefix: 'idle',
    environment: { ...drain, ...accessOf(issuer), ...webhookKey },
  });
  const stops: Stopped[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < fleet.size; index += 1) {
      // The one that begins in the place of the one before would keep this one from its turns.
      await fleet.untilStarted(servedWithinMs);
      await sleep(idleMs);
      stops.push(...(await fleet.restart(index)));
    }
  }
  return stops;
}

const wrongEnd = ({ service, code, signal }: Stopped): string[] =>
  code === 0 ? [] : [`${service} ended with ${code ?? signal} when it was asked to stop`];

/**
 * What the migrations of a next version may do while this one serves: everything gets something more. A table at a time, each in a
 * transaction of its own: whoever holds one lock and waits for the next sooner or later meets somebody who does so the other way round.
 */
async function growSchema(database: Database): Promise<void> {
  const tables = await database.run((transaction) =>
    transaction.query<{ name: string }>(
      `select c.relname as name from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       order by 1`,
    ),
  );
  const statements = [
    ...tables.map(({ name }) => `alter table "${name}" add of_the_next_version text`),
    'create table next_version (id integer primary key, tenant_id uuid)',
    "insert into migration (name, executed_at) values ('999-next', now())",
  ];
  for (const statement of statements) await database.run((transaction) => transaction.query(statement));
}

/** Traffic ends, and every browser shows what the tables say. */
async function whatBrowsersMissed(
  browsers: readonly Browser[],
  database: Database,
  offices: readonly Office[],
): Promise<string[]> {
  for (const { simulator } of offices) simulator.control.traffic(null);
  const deadline = performance.now() + calmWithinMs;
  for (;;) {
    const found = (await Promise.all(browsers.map((browser) => browser.differences(database)))).flat();
    if (found.length === 0 || performance.now() > deadline)
      return found.map((difference) => `browser: ${difference}`);
    await sleep(lookEveryMs);
  }
}

async function tenantsOf(database: Database) {
  const rows = await database.run((transaction) =>
    transaction.query<{ tenant: TenantId }>('select distinct tenant_id as tenant from pbx order by 1'),
  );
  return rows.map(({ tenant }) => tenant);
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + servedWithinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what}, and were not within ${servedWithinMs} ms`);
    await sleep(lookEveryMs);
  }
}

const inAnHour = (): number => Math.floor(Date.now() / 1_000) + 3_600;

const accessOf = ({ url }: TestIssuer): Record<string, string> => ({
  TRUNKLINE_TOKEN_ISSUER: url,
  TRUNKLINE_TOKEN_AUDIENCE: testAudience,
  TRUNKLINE_API_PORT: '0',
});

const webhookKey = { TRUNKLINE_WEBHOOK_KEY: 'storm:only-for-processes-of-this-test-0123456789' };
