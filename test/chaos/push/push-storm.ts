import { testAudience, TestIssuer } from '@trunkline/access/testing';
import { startRedisServer } from '@trunkline/backing-services/testing';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { createFeed } from '@trunkline/feed';
import { createLogger, createRedisConnections, sleep } from '@trunkline/service-kit';
import { createRandom } from '../../support/random.ts';
import { ServiceFleet } from '../service-fleet.ts';
import { judgePush } from './judge-push.ts';
import { Listener, type Measures } from './listener.ts';
import { Publisher } from './publisher.ts';
import { ragePush, type PushStrikes } from './push-weather.ts';
import { ServedClock } from './served-clock.ts';
import { handful, stormTenants } from './storm-topics.ts';
import { Swallower } from './swallower.ts';

export interface PushStormPlan {
  readonly seed: number;
  readonly nodes: number;
  readonly clients: number;
  readonly topics: number;
  readonly eventsPerSecond: number;
  readonly stormMs: number;
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface PushStormReport {
  readonly differences: readonly string[];
  readonly crashes: readonly string[];
  readonly strikes: PushStrikes;
  readonly published: number;
  readonly told: number;
  /** Messages of which at least one node was not told by Redis. */
  readonly lost: number;
  /** Nodes that were not told of the last message, after which nothing followed. */
  readonly lastLost: number;
  /** In ms: from handing a row over until a client was told. */
  readonly lateMs: Spread;
  /** From handing a lost message over until the last client was told. */
  readonly healedMs: Spread;
  /** The same of the last message of each tenant. */
  readonly lastHealedMs: number;
  /** From a lost connection until all topics of that client were live again, while a node and Redis served. */
  readonly backMs: Spread;
  /** Of each lost connection: how long the row waited from then on that waited longest in its gap, while a node and Redis served. */
  readonly gapMs: Spread;
  /** Of each lost connection, by the clock on the wall: also while no node was there, Redis stood still or the machine had no time. */
  readonly awayMs: Spread;
  readonly log: readonly string[];
}

const prefix = 'push-storm';
/** As long as push reads back at most, which is more than a client is ever away here. */
const entriesMax = 2_000;
/** Longer than Redis ever sleeps: a message whose fate is unknown would be delivered again, and then be told again. */
const deliverMs = 60_000;
const tokenSeconds = 3_600;
/** On a busy machine processes take their time to begin. */
const startedWithinMs = 120_000;
const calmWithinMs = 120_000;
const lookEveryMs = 250;

/** Push nodes, clients and everything that can happen between Redis and them; then calm, and who was told what. */
export async function runPushStorm(plan: PushStormPlan): Promise<PushStormReport> {
  const { seed, nodes, clients, topics, eventsPerSecond, stormMs } = plan;
  const random = createRandom(seed);
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await preparedDatabase(2));
  const server = await startRedisServer();
  opened.defer(() => server.stop());
  const issuer = opened.use(await TestIssuer.start());
  const logger = createLogger({ name: 'storm', level: 'silent', redactPhoneNumbers: false });
  const redis = opened.use(createRedisConnections({ url: server.url, logger, name: 'storm' }));
  const feed = createFeed({ redis, prefix, tuning: { entriesMax, timeoutMs: deliverMs } });
  await feed.ready();

  const fleet = opened.use(
    await ServiceFleet.start(
      { push: nodes },
      {
        databaseUrl: database.url,
        redisUrl: server.url,
        prefix,
        environment: {
          TRUNKLINE_TOKEN_ISSUER: issuer.url,
          TRUNKLINE_TOKEN_AUDIENCE: testAudience,
          TRUNKLINE_PUSH_CONNECTIONS_PER_USER: String(clients * 2),
          TRUNKLINE_PUSH_CONNECTIONS_PER_ADDRESS: String(clients * 2),
        },
      },
    ),
  );
  const swallowers = fleet.redisProxies.map((proxy) => new Swallower(proxy));
  const tenants = stormTenants(tenantIds, topics);
  const exp = Math.floor(Date.now() / 1_000) + tokenSeconds;
  const tokens = await Promise.all(
    tenants.map(({ id }) => issuer.token({ tenant: id, roles: ['supervisor'], exp })),
  );
  const measures: Measures = { lateMs: [], backMs: [], gapMs: [], awayMs: [], lastMs: new Map() };
  let isFrozen = false;
  const clock = opened.use(new ServedClock(() => fleet.ports.length > 0 && !isFrozen));
  const listeners = Array.from({ length: clients }, (_, index) => {
    const place = index % tenants.length;
    const tenant = tenants[place];
    if (tenant === undefined) throw new RangeError('there are no tenants');
    return opened.use(
      new Listener({
        tenant: tenant.id,
        topics: handful(random, tenant),
        token: async () => tokens[place] ?? '',
        ports: () => fleet.ports,
        measures,
        clock,
      }),
    );
  });

  const isLive = () => listeners.every((listener) => listener.isLive);
  await until(() => fleet.ports.length === nodes, startedWithinMs);
  for (const { client } of listeners) client.connect();
  const differences: string[] = [];
  if (!(await until(isLive, startedWithinMs))) differences.push('not every client was live before the storm');

  const publisher = new Publisher(feed, tenants, random, clock);
  const stop = new AbortController();
  const publishing = publisher.publish(eventsPerSecond, stop);
  const strikes = await ragePush(
    { fleet, redis: server, swallowers, random, onFrozen: (frozen) => (isFrozen = frozen) },
    stormMs,
  );
  stop.abort();
  await publishing;
  const isEven = () => isLive() && judgePush(publisher, listeners).length === 0;
  await until(isEven, calmWithinMs);

  const last: string[] = [];
  await publisher.publishLast((id) => {
    last.push(id);
    for (const swallower of swallowers) swallower.condemn(id);
  });
  await until(isEven, calmWithinMs);
  differences.push(...judgePush(publisher, listeners));
  if (!isLive()) differences.push('not every client was live after the storm');

  const lost = new Set(swallowers.flatMap(({ swallowed }) => [...swallowed]));
  const healedMs = (ids: Iterable<string>) => [...ids].flatMap((id) => measures.lastMs.get(id) ?? []);
  return {
    differences,
    crashes: fleet.crashes,
    strikes,
    published: publisher.events,
    told: measures.lateMs.length,
    lost: lost.size,
    lastLost: swallowers.flatMap(({ swallowed }) => last.filter((id) => swallowed.has(id))).length,
    lateMs: spreadOf(measures.lateMs),
    healedMs: spreadOf(healedMs(lost)),
    lastHealedMs: spreadOf(healedMs(last)).max,
    backMs: spreadOf(measures.backMs),
    gapMs: spreadOf(measures.gapMs),
    awayMs: spreadOf(measures.awayMs),
    log: fleet.log,
  };
}

async function until(condition: () => boolean, withinMs: number): Promise<boolean> {
  const endsAt = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > endsAt) return false;
    await sleep(lookEveryMs);
  }
  return true;
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
