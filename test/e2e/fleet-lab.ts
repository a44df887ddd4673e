import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { cleanupSettings, createCleanupWorker } from '@trunkline/cleanup-worker';
import { connectorSettings, createConnector } from '@trunkline/connector';
import { addPbx, addTenant, migrate, openDatabase, showPbx, type Database } from '@trunkline/database';
import { pbxId, tenantId, type PbxId, type TenantId } from '@trunkline/domain';
import { createFeedKeys, readFeedEntry } from '@trunkline/feed';
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
import { randomUUID } from 'node:crypto';
import { ledgerDifferences, type Heard, type Tolerance } from '../support/ledger-differences.ts';

type Row = Readonly<Record<string, unknown>>;

const logger = createLogger({ name: 'e2e', level: 'silent', redactPhoneNumbers: true });
const secret = 'only this test knows it';

/** Waits of a tenth or less, and streams few enough to look at. */
const shortSettings = {
  TRUNKLINE_STREAM_SHARDS: '2',
  TRUNKLINE_LEASE_LOOK: '50ms',
  TRUNKLINE_RETRY_YEASTAR: '1500ms',
  TRUNKLINE_RETRY_ASTERISK: '1500ms',
  TRUNKLINE_SNAPSHOT_GAP: '50ms',
  TRUNKLINE_RELAY_AFTER: '500ms',
};

/**
 * Everything from a PBX's sockets to the screens' feeds, in one process: a simulated PBX, a connector, both workers, and
 * a database and a corner of Redis of their own.
 */
export class FleetLab implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly database: Database;
  readonly pbx: PbxId = pbxId(randomUUID());
  readonly tenant: TenantId = tenantId(randomUUID());
  /** When nobody listened to the PBX. */
  readonly gaps: [number, number][] = [];
  readonly #databaseUrl: string;
  readonly #prefix = uniquePrefix('e2e');
  readonly #stack = new AsyncDisposableStack();
  readonly #redis = this.#stack.use(createRedisConnections({ url: testRedisUrl(), logger, name: 'e2e' }));

  private constructor(databaseUrl: string, database: Database, simulator: Simulator) {
    this.#databaseUrl = databaseUrl;
    this.database = database;
    this.simulator = simulator;
  }

  static async open(
    options: Pick<SimulatorOptions, 'dialect'> & Partial<SimulatorOptions>,
  ): Promise<FleetLab> {
    await using stack = new AsyncDisposableStack();
    const created = stack.use(await createTestDatabase(async (url) => void (await migrate(url))));
    const database = stack.use(
      await openDatabase({ url: created.url, applicationName: 'e2e', connectionsMax: 20 }),
    );
    const simulator = stack.use(
      await createSimulator({ logger, credential: { username: 'e2e', secret }, extensions: 10, ...options }),
    );
    const lab = stack.use(new FleetLab(created.url, database, simulator));
    await lab.#addPbx();
    await lab.#start();
    const everything = stack.move();
    return Object.assign(lab, { [Symbol.asyncDispose]: () => everything.disposeAsync() });
  }

  async #addPbx(): Promise<void> {
    const { address, certificate, dialect } = this.simulator;
    await this.database.run(async (transaction) => {
      await addTenant(transaction, { id: this.tenant, name: 'e2e' });
      await addPbx(transaction, {
        id: this.pbx,
        tenant: this.tenant,
        name: 'simulated',
        vendor: dialect,
        address,
        trust: `sha256:${certificate?.sha256 ?? ''}`,
        credential: 'e2e',
      });
    });
  }

  async #start(): Promise<void> {
    const env = {
      ...shortSettings,
      TRUNKLINE_REDIS_PREFIX: this.#prefix,
      DATABASE_URL: this.#databaseUrl,
      REDIS_URL: testRedisUrl(),
    };
    const credentials = createCredentials({
      env: { TRUNKLINE_PBX_E2E_USERNAME: 'e2e', TRUNKLINE_PBX_E2E_SECRET: secret },
      directory: undefined,
    });
    const { database } = this;
    const read = <Map extends SettingsMap>(map: Map) => readSettings(map, env, { warn: () => undefined });
    const context = () => ({ database, redis: this.#redis, logger, metrics: this.#metrics() });
    await this.#run(createLifecycleWorker({ ...context(), settings: read(lifecycleSettings) }));
    await this.#run(createCleanupWorker({ ...context(), settings: read(cleanupSettings) }));
    const settings = read(connectorSettings);
    await this.#run(createConnector({ ...context(), settings, adapters, credentials }));
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

  /** What the tables say. */
  async stored(): Promise<Heard> {
    const calls = await this.rows(
      `select call_key as key, status, hangup_cause as cause, ${millis('started_at')} as "startedAt",
         ${millis('answered_at')} as "answeredAt", answered_approximate as "answeredApproximately",
         caller_number as caller, callee_number as callee, direction, extensions
       from call where pbx_id = $1`,
      [this.pbx],
    );
    const phones = await this.rows('select number, status from extension where pbx_id = $1', [this.pbx]);
    return { calls, phones } as unknown as Heard;
  }

  /** What somebody knows who has read the tenant's feed and keeps the highest revision of each row. */
  async shown(): Promise<{ calls: Row[]; extensions: Row[] }> {
    const client = this.#redis.open('commands');
    await this.#redis.whenReady(client);
    const entries = await client.xrange(createFeedKeys(this.#prefix)(this.tenant).stream, '-', '+');
    await this.#redis.close(client);
    const messages = entries.map(
      (entry) => JSON.parse(readFeedEntry(entry)?.payload ?? '{}') as Record<string, Row[]>,
    );
    const told = (...types: string[]): Row[] =>
      messages.flatMap((message) => types.flatMap((type) => message[type] ?? []));
    return {
      calls: newest(told('new_call', 'call_update'), 'call'),
      extensions: newest(told('extension_update'), 'extension'),
    };
  }

  /** What the tables say otherwise than the PBX's own ledger; nothing once everything has come through. */
  async differences(tolerance: Tolerance = {}): Promise<string[]> {
    const { gaps } = this;
    return ledgerDifferences(this.simulator.control.ledger(), await this.stored(), { gaps, ...tolerance });
  }

  /** The two questions by which operators watch that nothing stays behind. */
  async monitoring(): Promise<Row | undefined> {
    const [row] = await this.rows(
      `select
         (select count(*) from extension where status in ('ringing', 'incall', 'busy'))::integer as extensions,
         (select count(*) from call where status in ('calling', 'ringing', 'connected', 'held'))::integer as calls`,
    );
    return row;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

const millis = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

function newest(rows: readonly Row[], key: string): Row[] {
  const known = new Map<unknown, Row>();
  for (const row of rows) {
    if (Number(row['revision']) > Number(known.get(row[key])?.['revision'] ?? 0)) known.set(row[key], row);
  }
  return [...known.values()].sort((one, other) => (String(one[key]) < String(other[key]) ? -1 : 1));
}

const lookEveryMs = 25;

/** Waits until there is nothing left to say against it, and says what was left when it takes too long. */
export async function untilNothing(
  problems: () => Promise<readonly string[]>,
  what: string,
  withinMs = 12_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let left = await problems(); left.length > 0; left = await problems()) {
    if (performance.now() > deadline) throw new Error(`${what}:\n${left.slice(0, 12).join('\n')}`);
    await new Promise((resolve) => void setTimeout(resolve, lookEveryMs));
  }
}
