import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { addPbx, addTenant, migrate, openDatabase, showPbx, type Database } from '@trunkline/database';
import { readEvent, tenantId, type PbxId } from '@trunkline/domain';
import { createStreamKeys } from '@trunkline/event-stream';
import type { Credential, Credentials, Vendor } from '@trunkline/pbx';
import { createPbxCommands } from '@trunkline/pbx-commands';
import {
  createHealth,
  createLogger,
  createMetrics,
  createRedisConnections,
  readSettings,
  type RedisConnections,
} from '@trunkline/service-kit';
import { createConnector, type Connector, type ConnectorContext } from '../create-connector.ts';
import { connectorSettings } from '../settings.ts';
import { scriptedAdapter, ScriptedPbx } from './scripted-pbx.ts';

export interface Published {
  readonly epoch: number;
  readonly seq: number;
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

export interface Replica {
  readonly connector: Connector;
  /** While it is cut off, its questions to the database hang. */
  cutOff(): void;
  restore(): void;
  readonly lines: string[];
  metric(name: string): Promise<number>;
}

/** For tests that wait for leases to run out. */
export const shortLeases = { TRUNKLINE_LEASE_TTL: '800ms' };

const tenant = tenantId('10000000-0000-4000-8000-000000000001');
const shards = 2;

/** A hundredth of the defaults' waits. Leases last long enough for a machine that is busy otherwise. */
const shortSettings = {
  TRUNKLINE_LEASE_TTL: '6s',
  TRUNKLINE_LEASE_RENEWAL: '100ms',
  TRUNKLINE_LEASE_LOOK: '40ms',
  TRUNKLINE_RETRY_YEASTAR: '50ms',
  TRUNKLINE_RETRY_YEASTAR_MAX: '600ms',
  TRUNKLINE_RETRY_ATTENTION: '300ms',
  TRUNKLINE_RETRY_UNPREPARED: '20ms',
  TRUNKLINE_RETRY_SHUTDOWN: '20ms',
  TRUNKLINE_BLOCK_YEASTAR: '900ms',
  TRUNKLINE_BLOCK_JITTER: '20ms',
  TRUNKLINE_SNAPSHOT_EVERY: '60s',
  TRUNKLINE_SNAPSHOT_RETRY: '30ms',
  TRUNKLINE_SNAPSHOT_RETRY_MAX: '100ms',
  TRUNKLINE_SNAPSHOT_GAP: '20ms',
  TRUNKLINE_SNAPSHOT_BABBLE: '10s',
  TRUNKLINE_LINK_STABLE: '10s',
};

/** A database, a key prefix and scripted PBXs for one test, with any number of replicas of the connector. */
export class ConnectorLab implements AsyncDisposable {
  readonly prefix = uniquePrefix('connector');
  readonly database: Database;
  readonly pbxs = new Map<string, ScriptedPbx>();
  readonly redis: RedisConnections;
  readonly client: ReturnType<RedisConnections['open']>;
  credential: Credential = { username: 'api', secret: 'first' };
  readonly #url: string;
  readonly #stack = new AsyncDisposableStack();

  private constructor(url: string, database: Database) {
    this.#url = url;
    this.database = database;
    this.redis = createRedisConnections({ url: testRedisUrl(), logger: silent, name: 'lab' });
    this.client = this.redis.open('commands');
  }

  static async open(): Promise<ConnectorLab> {
    const created = await createTestDatabase(async (url) => void (await migrate(url)));
    const database = await openDatabase({ url: created.url, applicationName: 'lab', connectionsMax: 4 });
    const lab = new ConnectorLab(created.url, database);
    lab.#stack.use(created);
    lab.#stack.use(database);
    lab.#stack.defer(() => lab.redis.closeAll());
    await lab.redis.whenReady(lab.client);
    await database.run((tx) => addTenant(tx, { id: tenant, name: 'lab' }));
    return lab;
  }

  async addPbx(vendor: Vendor = 'yeastar'): Promise<{ id: PbxId; pbx: ScriptedPbx }> {
    const address = vendor === 'asterisk-ami' ? 'tcp://pbx.test' : 'https://pbx.test';
    const pbx = new ScriptedPbx();
    const name = `pbx ${this.pbxs.size + 1}`;
    const id = await this.database.run(async (tx) => {
      const added = await addPbx(tx, { tenant, name, vendor, address, trust: 'public', credential: 'lab' });
      this.pbxs.set(added, pbx);
      return added;
    });
    return { id, pbx };
  }

  async replica(
    settings: Record<string, string> = {},
    overrides: Partial<ConnectorContext> = {},
  ): Promise<Replica> {
    const lines: string[] = [];
    const destination = {
      write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg),
    };
    const logger = createLogger({ name: 'lab', level: 'info', redactPhoneNumbers: false, destination });
    const stack = new AsyncDisposableStack();
    const database = await openDatabase({ url: this.#url, applicationName: 'replica', connectionsMax: 6 });
    stack.use(database);
    const redis = createRedisConnections({ url: testRedisUrl(), logger: silent, name: 'replica' });
    stack.defer(() => redis.closeAll());
    const metrics = createMetrics({ app: 'connector' });
    stack.defer(() => metrics.stop());
    let gate: Promise<void> = Promise.resolve();
    let open: () => void = () => undefined;
    const gated = Object.assign(Object.create(database) as Database, {
      run: async <Result>(work: Parameters<Database['run']>[0]) => {
        await gate;
        return database.run(work) as Promise<Result>;
      },
      ping: () => database.ping(),
    });
    const env = { ...this.environment(), ...settings };
    const find = (id: string) => this.pbxs.get(id);
    const credentials: Credentials = { find: () => Promise.resolve(this.credential) };
    const connector = createConnector({
      settings: readSettings(connectorSettings, env),
      database: gated,
      redis,
      adapters: {
        yeastar: scriptedAdapter('yeastar', find),
        'asterisk-ari': scriptedAdapter('asterisk-ari', find),
      },
      credentials,
      logger,
      metrics,
      health: createHealth(),
      bounds: { windUpMs: 1_000, storeRetryMs: 30, credentialLookMs: 50 },
      ...overrides,
    });
    stack.defer(() => connector.stop());
    stack.defer(() => open());
    this.#stack.use(stack);
    await connector.start();
    return {
      connector,
      lines,
      cutOff() {
        ({ promise: gate, resolve: open } = Promise.withResolvers<void>());
      },
      restore: () => open(),
      async metric(name) {
        const exposition = await metrics.exposition();
        return exposition
          .split('\n')
          .filter((line) => line.startsWith(name))
          .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
      },
    };
  }

  /** The settings of a replica in this lab. */
  environment(): Record<string, string> {
    return {
      ...shortSettings,
      TRUNKLINE_REDIS_PREFIX: this.prefix,
      TRUNKLINE_STREAM_SHARDS: String(shards),
      DATABASE_URL: this.#url,
      REDIS_URL: testRedisUrl(),
    };
  }

  commands() {
    return this.#stack.use(createPbxCommands({ redis: this.redis, prefix: this.prefix, logger: silent }));
  }

  /** All that was published of a PBX, in the order of the stream; each must pass the domain's door. */
  async published(pbx: string): Promise<Published[]> {
    const all: Published[] = [];
    for (let shard = 0; shard < shards; shard += 1) {
      const entries = await this.client.xrange(createStreamKeys(this.prefix).events(shard), '-', '+');
      for (const [, [, header = '', , text = '']] of entries) {
        const [place = '', type = '', source = ''] = header.split(' ');
        if (source !== pbx) continue;
        const [epoch = 0, seq = 0] = place.split('-').map(Number);
        const payload = JSON.parse(text) as Record<string, unknown>;
        readEvent({ source, epoch, seq, type }, payload);
        all.push({ epoch, seq, type, payload });
      }
    }
    return all;
  }

  /** The types alone, each with its place. */
  async story(pbx: string): Promise<string[]> {
    return (await this.published(pbx)).map(({ epoch, seq, type }) => `${epoch}.${seq} ${type}`);
  }

  /** Connectors that have said that they are alive. */
  async replicasSeen(): Promise<number> {
    return (await this.database.run((tx) => tx.query('select id from connector'))).length;
  }

  async link(pbx: PbxId) {
    const shown = await this.database.run((tx) => showPbx(tx, pbx));
    if (shown === null) throw new Error('the PBX is gone');
    return shown.link;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

const silent = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });

export const ringing = (call: string) =>
  ({ kind: 'said', type: 'call.ringing', payload: { call, at: Date.now() } }) as const;
