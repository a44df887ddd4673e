import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { cleanupSettings, createCleanupWorker } from '@trunkline/cleanup-worker';
import { connectorSettings, createConnector } from '@trunkline/connector';
import {
  addPbx,
  addTenant,
  openDatabase,
  OutboxRelay,
  prepareDatabase,
  showPbx,
  type Database,
} from '@trunkline/database';
import { defaultStuckCallLimits, pbxId, tenantId, type PbxId, type TenantId } from '@trunkline/domain';
import { createFeed } from '@trunkline/feed';
import { createLifecycleWorker, lifecycleSettings } from '@trunkline/lifecycle-worker';
import { adapters, createCredentials } from '@trunkline/pbx';
import { createSimulator, type Simulator, type SimulatorOptions } from '@trunkline/pbx-simulator';
import {
  createLogger,
  createMetrics,
  createRedisConnections,
  readSettings,
  type SettingsMap,
} from '@trunkline/service-kit';
import { createStuckCallWorker } from '@trunkline/stuck-call-worker';
import { createSweepRequests, type SweepReport, type SweepRequests } from '@trunkline/stuck-calls';
import { randomUUID } from 'node:crypto';
import { ledgerDifferences, type Tolerance } from '../support/ledger-differences.ts';
import { Screen } from '../support/screen.ts';
import { storedCalls } from '../support/stored-calls.ts';

type Row = Readonly<Record<string, unknown>>;

const logger = createLogger({ name: 'e2e', level: 'silent', redactPhoneNumbers: true });
const secret = 'only this test knows it';
/** Of every simulated PBX, under the name `e2e`. */
export const credential = { username: 'e2e', secret };

/** Waits of a tenth or less, and streams few enough to look at. */
const shortSettings = {
  TRUNKLINE_STREAM_SHARDS: '2',
  TRUNKLINE_LEASE_LOOK: '50ms',
  TRUNKLINE_RETRY_YEASTAR: '1500ms',
  TRUNKLINE_RETRY_ASTERISK: '1500ms',
  TRUNKLINE_SNAPSHOT_GAP: '50ms',
  TRUNKLINE_RELAY_AFTER: '500ms',
};

/** Sweeps are made when the test asks for them. */
const never = { cron: '0 0 1 1 *' };
const sweepWithinMs = 20_000;

export interface FleetLabOptions {
  readonly dialect: SimulatorOptions['dialect'];
  /** What its PBX is called; `simulated` unless given. */
  readonly name?: string;
  readonly simulator?: Partial<SimulatorOptions>;
  /** Beside those that shorten all waits. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly doubleBookingEveryMs?: number;
}

/**
 * Everything from a PBX's sockets to the screens' feeds, in one process: a simulated PBX, a connector, all workers, and a
 * database and a corner of Redis of their own.
 */
export class FleetLab implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly database: Database;
  readonly pbx: PbxId = pbxId(randomUUID());
  readonly tenant: TenantId = tenantId(randomUUID());
  /** When nobody listened to the PBX. */
  readonly gaps: [number, number][] = [];
  /** Where else its stores are reached, by whatever is to stand beside it. */
  readonly databaseUrl: string;
  readonly #options: FleetLabOptions;
  readonly prefix = uniquePrefix('e2e').replace(/:$/, '');
  readonly #stack = new AsyncDisposableStack();
  readonly #redis = this.#stack.use(createRedisConnections({ url: testRedisUrl(), logger, name: 'e2e' }));
  readonly requests: SweepRequests;
  /** What somebody sees who follows the tenant's feed. */
  readonly screen: Screen;

  private constructor(
    databaseUrl: string,
    database: Database,
    simulator: Simulator,
    options: FleetLabOptions,
  ) {
    this.databaseUrl = databaseUrl;
    this.database = database;
    this.simulator = simulator;
    this.#options = options;
    const [redis, prefix] = [this.#redis, this.prefix];
    this.requests = this.#stack.use(createSweepRequests({ redis, prefix, logger }));
    this.screen = this.#stack.use(new Screen({ database, redis, prefix, tenant: this.tenant }));
  }

  static async open(options: FleetLabOptions): Promise<FleetLab> {
    await using stack = new AsyncDisposableStack();
    const created = stack.use(
      await createTestDatabase((url) => prepareDatabase(url, new Date()).then(() => undefined)),
    );
    const database = stack.use(
      await openDatabase({ url: created.url, applicationName: 'e2e', connectionsMax: 20 }),
    );
    const { dialect } = options;
    const simulator = stack.use(
      await createSimulator({ dialect, logger, credential, extensions: 10, ...options.simulator }),
    );
    const lab = stack.use(new FleetLab(created.url, database, simulator, options));
    await database.run((transaction) => addTenant(transaction, { id: lab.tenant, name: 'e2e' }));
    await lab.#describePbx(lab.pbx, options.name ?? 'simulated', simulator);
    await lab.#start();
    const everything = stack.move();
    return Object.assign(lab, { [Symbol.asyncDispose]: () => everything.disposeAsync() });
  }

  /** Another simulated PBX of the same tenant, which the same connector finds. */
  async addPbx(
    name: string,
    options: Omit<SimulatorOptions, 'logger' | 'credential'>,
  ): Promise<{ readonly pbx: PbxId; readonly simulator: Simulator }> {
    const pbx = pbxId(randomUUID());
    const simulator = this.#stack.use(await createSimulator({ logger, credential, ...options }));
    await this.#describePbx(pbx, name, simulator);
    return { pbx, simulator };
  }

  async #describePbx(id: PbxId, name: string, simulator: Simulator): Promise<void> {
    const { address, certificate, dialect: vendor } = simulator;
    const trust = `sha256:${certificate?.sha256 ?? ''}`;
    const { tenant } = this;
    await this.database.run((transaction) =>
      addPbx(transaction, { id, tenant, name, vendor, address, trust, credential: 'e2e' }),
    );
  }

  async #start(): Promise<void> {
    const env = {
      ...shortSettings,
      ...this.#options.settings,
      TRUNKLINE_REDIS_PREFIX: this.prefix,
      DATABASE_URL: this.databaseUrl,
      REDIS_URL: testRedisUrl(),
    };
    const credentials = createCredentials({
      env: { TRUNKLINE_PBX_E2E_USERNAME: 'e2e', TRUNKLINE_PBX_E2E_SECRET: secret },
      directory: undefined,
    });
    const { database } = this;
    const redis = this.#redis;
    const prefix = this.prefix;
    const read = <Map extends SettingsMap>(map: Map) => readSettings(map, env, { warn: () => undefined });
    const context = () => ({ database, redis, logger, metrics: this.#metrics() });
    await this.#run(createLifecycleWorker({ ...context(), settings: read(lifecycleSettings) }));
    await this.#run(createCleanupWorker({ ...context(), settings: read(cleanupSettings) }));
    const feed = createFeed({ redis, prefix });
    this.#stack.defer(() => feed.close());
    await feed.ready();
    const deliver = (messages: Parameters<typeof feed.deliver>[0]) => feed.deliver(messages);
    const settings = read(connectorSettings);
    await this.#run(createConnector({ ...context(), settings, adapters, credentials, deliver }));
    const relay = new OutboxRelay(database, deliver);
    await this.#run(
      createStuckCallWorker({
        ...context(),
        prefix,
        timing: never,
        limits: defaultStuckCallLimits,
        verify: true,
        answerMs: 5_000,
        parallel: 2,
        doubleBookingEveryMs: this.#options.doubleBookingEveryMs ?? 300,
        relay: (messages) => relay.relay(messages),
      }),
    );
  }

  #metrics() {
    const metrics = createMetrics({ app: 'e2e' });
    this.#stack.defer(() => metrics.stop());
    return metrics;
  }

  async #run(service: { start(): Promise<void>; stop(): Promise<void> }): Promise<void> {
    this.#stack.defer(() => service.stop());
    await service.start();
  }

  rows(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.run((transaction) => transaction.query<Row>(statement, parameters));
  }

  async linkState(): Promise<string | undefined> {
    return (await this.database.run((transaction) => showPbx(transaction, this.pbx)))?.link.state;
  }

  /** What the tables say otherwise than the PBX's own ledger; nothing once everything has come through. */
  async differences(tolerance: Tolerance = {}): Promise<string[]> {
    const { gaps } = this;
    const stored = await storedCalls(this.database, this.pbx);
    return ledgerDifferences(this.simulator.control.ledger(), stored, { gaps, ...tolerance });
  }

  /** The two questions by which operators watch that nothing stays behind. */
  async monitoring(): Promise<Row | undefined> {
    const [row] = await this.rows(
      'select engaged_extensions as extensions, open_calls as calls from pbx_activity where pbx_id = $1',
      [this.pbx],
    );
    return row;
  }

  /** A sweep to which all open calls look hours old. They have their own times back afterwards. */
  async sweepAll(): Promise<SweepReport> {
    await this.rows(`update call set ${moved('-')} where status <> 'ended'`);
    const wish = { dryRun: false, verify: true, by: 'e2e' };
    const report = await this.requests.requestSweep(wish, { deadlineMs: sweepWithinMs });
    await this.rows(`update call set ${moved('+')} where started_at < clock_timestamp() - interval '1 hour'`);
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

const moved = (direction: '-' | '+'): string =>
  ['started_at', 'answered_at', 'verified_at']
    .map((column) => `${column} = ${column} ${direction} interval '2 hours'`)
    .join(', ');

const lookEveryMs = 25;

/** Waits until there is nothing left to say against it, and says what was left when it takes too long. */
export async function untilNothing(
  problems: () => Promise<readonly string[]>,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  // On a busy machine a question may fail where the answer is only late.
  const ask = () => problems().catch((error: unknown) => [String(error)]);
  for (let left = await ask(); left.length > 0; left = await ask()) {
    if (performance.now() > deadline) throw new Error(`${what}:\n${left.slice(0, 12).join('\n')}`);
    await new Promise((resolve) => void setTimeout(resolve, lookEveryMs));
  }
}
