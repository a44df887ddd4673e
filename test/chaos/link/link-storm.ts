import { createTestDatabase, uniquePrefix } from '@trunkline/backing-services/testing';
import {
  addPbx,
  addTenant,
  listPbxs,
  openDatabase,
  prepareDatabase,
  wantSnapshot,
  type Database,
} from '@trunkline/database';
import { pbxId } from '@trunkline/domain';
import { createLogger, createRedisConnections, sleep } from '@trunkline/service-kit';
import type { SimulatorOptions } from '@trunkline/pbx-simulator';
import { createRandom } from '../../support/random.ts';
import { ConnectorFleet } from './connector-fleet.ts';
import { LinkWeather, type Strike } from './link-weather.ts';
import { openOffice, stormCredential, type Office } from './office.ts';
import { readPublished } from './published.ts';
import { judge, type Verdict } from './verdict.ts';

export interface LinkStormPlan {
  readonly seed: number;
  readonly redisUrl: string;
  readonly connectors: number;
  readonly pbxs: number;
  readonly stormMs: number;
}

export interface LinkStormReport extends Verdict {
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

const dialects = ['yeastar', 'asterisk-ari', 'asterisk-ami'] as const satisfies SimulatorOptions['dialect'][];
const SHARDS = 4;

/** The connector's defaults in about a three-hundredth of the time, so that minutes hold what days bring. */
export const stormEnvironment: Readonly<Record<string, string>> = {
  TRUNKLINE_STREAM_SHARDS: String(SHARDS),
  TRUNKLINE_LOG_LEVEL: 'info',
  TRUNKLINE_LEASE_TTL: '2s',
  TRUNKLINE_LEASE_RENEWAL: '400ms',
  TRUNKLINE_LEASE_LOOK: '100ms',
  TRUNKLINE_LINK_DIAL: '2s',
  TRUNKLINE_LINK_ANSWER: '2s',
  TRUNKLINE_LINK_HEARTBEAT: '300ms',
  TRUNKLINE_LINK_HEARTBEAT_ANSWER: '300ms',
  TRUNKLINE_LINK_SNAPSHOT: '3s',
  TRUNKLINE_RETRY_YEASTAR: '200ms',
  TRUNKLINE_RETRY_YEASTAR_MAX: '600ms',
  TRUNKLINE_RETRY_ASTERISK: '50ms',
  TRUNKLINE_RETRY_ASTERISK_MAX: '600ms',
  TRUNKLINE_RETRY_ASTERISK_CREDENTIALS: '600ms',
  TRUNKLINE_BLOCK_YEASTAR: '2200ms',
  TRUNKLINE_BLOCK_ASTERISK: '1s',
  TRUNKLINE_BLOCK_JITTER: '200ms',
  TRUNKLINE_RETRY_YEASTAR_FORBIDDEN: '1s',
  TRUNKLINE_RETRY_ASTERISK_FORBIDDEN: '600ms',
  TRUNKLINE_RETRY_YEASTAR_CROWDED: '1s',
  TRUNKLINE_RETRY_ASTERISK_CROWDED: '300ms',
  TRUNKLINE_RETRY_STARTING: '200ms',
  TRUNKLINE_RETRY_SHUTDOWN: '100ms',
  TRUNKLINE_RETRY_ATTENTION: '1s',
  TRUNKLINE_RETRY_UNPREPARED: '100ms',
  TRUNKLINE_LINK_STABLE: '1s',
  TRUNKLINE_SNAPSHOT_EVERY: '5s',
  TRUNKLINE_SNAPSHOT_RETRY: '100ms',
  TRUNKLINE_SNAPSHOT_RETRY_MAX: '600ms',
  TRUNKLINE_SNAPSHOT_GAP: '100ms',
  TRUNKLINE_SNAPSHOT_BABBLE: '500ms',
  TRUNKLINE_PBX_STORM_USERNAME: stormCredential.username,
  TRUNKLINE_PBX_STORM_SECRET: stormCredential.secret,
};

/** The longest wait of any policy above, and some: after it every link must be live again. */
const LIVE_WITHIN_MS = 60_000;
const SNAPSHOTS_WITHIN_MS = 60_000;
const LOOKS_MAX = 10;

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
  const offices = await openOffices(database, pbxs, seed, opened);
  await using fleet = await ConnectorFleet.start(connectors, {
    databaseUrl: created.url,
    redisUrl,
    prefix,
    environment: stormEnvironment,
  });

  await untilLive(database, offices, 'before the storm', fleet);
  const weather = new LinkWeather(fleet, offices, random);
  await weather.rage(stormMs);
  for (const { simulator } of offices) simulator.control.heal();
  const liveAgainAfterMs = await untilLive(database, offices, 'after the storm', fleet);
  await Promise.all(offices.map(({ simulator }) => simulator.control.settle()));
  await snapshotAll(database, offices);

  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const look = async () => readPublished(connection as Parameters<typeof readPublished>[0], prefix, SHARDS);
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

async function openOffices(
  database: Database,
  count: number,
  seed: number,
  opened: AsyncDisposableStack,
): Promise<Office[]> {
  const tenant = await database.transaction((transaction) => addTenant(transaction, { name: 'Storm' }));
  const offices: Office[] = [];
  for (let index = 0; index < count; index++) {
    const id = crypto.randomUUID();
    const office = await openOffice(id, dialects[index % dialects.length] ?? 'yeastar', seed * 1_000 + index);
    opened.use(office.simulator);
    offices.push(office);
    const { address, certificate, dialect } = office.simulator;
    await database.transaction((transaction) =>
      addPbx(transaction, {
        id: pbxId(id),
        tenant,
        name: `Office ${index + 1}`,
        vendor: dialect,
        address,
        trust: `sha256:${certificate?.sha256}`,
        credential: 'storm',
      }),
    );
  }
  return offices;
}

async function untilLive(
  database: Database,
  offices: readonly Office[],
  when: string,
  fleet: ConnectorFleet,
): Promise<number> {
  const since = performance.now();
  for (;;) {
    const pbxs = await database.transaction((transaction) => listPbxs(transaction));
    const down = pbxs.filter(({ link }) => link.state !== 'live' || link.heldBy === null);
    if (down.length === 0 && pbxs.length === offices.length) return Math.round(performance.now() - since);
    if (performance.now() - since > LIVE_WITHIN_MS) {
      const lines = down.map(
        ({ id, name, vendor, link }) => `${name} (${vendor}, ${id}) is ${link.state}: ${link.reason}`,
      );
      throw new Error(
        `${when}, not live within ${LIVE_WITHIN_MS} ms:\n${lines.join('\n')}\n${fleet.log.slice(-60).join('\n')}`,
      );
    }
    await sleep(50);
  }
}

/** A list of each PBX that was asked for after the last call ended. */
async function snapshotAll(database: Database, offices: readonly Office[]): Promise<void> {
  const ids = offices.map(({ pbx }) => pbxId(pbx));
  const times = async () =>
    new Map(
      (await database.transaction((transaction) => listPbxs(transaction))).map(
        ({ id, link }) => [id as string, link.snapshotAt?.getTime() ?? 0] as const,
      ),
    );
  const before = await times();
  await database.transaction((transaction) => wantSnapshot(transaction, ids, 'the storm is over'));
  const deadline = performance.now() + SNAPSHOTS_WITHIN_MS;
  for (;;) {
    const now = await times();
    if (ids.every((id) => (now.get(id) ?? 0) > (before.get(id) ?? 0))) return;
    if (performance.now() > deadline) throw new Error('not every PBX gave a snapshot after the storm');
    await sleep(50);
  }
}
