import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testAudience, TestIssuer } from '@trunkline/access/testing';
import {
  addPbx,
  addTenant,
  listPbxs,
  openDatabase,
  prepareDatabase,
  type Database,
} from '@trunkline/database';
import { pbxId, type TenantId } from '@trunkline/domain';
import { StormStores } from '../../chaos/fleet/storm-stores.ts';
import { startChild, type Child } from './child.ts';
import type { BrowsersOrder, BrowsersReply, BrowserTask } from './browsers.ts';
import { startServices, type Replicas, type RunningService } from './start-services.ts';
import {
  telephonesCredential,
  type PbxAddress,
  type TelephonesOrder,
  type TelephonesReply,
  type TelephonesTask,
} from './telephones.ts';
import { until } from './until.ts';

export interface SystemPlan {
  readonly replicas: Replicas;
  readonly telephones: TelephonesTask;
  readonly tenants: number;
}

export interface Office {
  readonly pbx: string;
  readonly tenant: TenantId;
  /** Its place among the PBXs, which its phones' numbers tell. */
  readonly index: number;
}

export type Browsers = Child<BrowsersOrder, BrowsersReply>;

/** Machines that do other things as well take their time. */
const liveWithinMs = 120_000;
/** A token outlives every measurement; the services refuse one that lives longer than a day. */
const tokenSeconds = 12 * 3_600;
const connectionsMax = '100000';

/** The whole of it as it is deployed: stores, services, simulated PBXs and browsers, all of them processes of their own. */
export class System implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #issuer: TestIssuer;
  readonly stores: StormStores;
  readonly database: Database;
  readonly services: readonly RunningService[];
  readonly telephones: Child<TelephonesOrder, TelephonesReply>;
  readonly offices: readonly Office[];
  readonly prefix: string;

  private constructor(parts: {
    stack: AsyncDisposableStack;
    issuer: TestIssuer;
    stores: StormStores;
    database: Database;
    services: readonly RunningService[];
    telephones: Child<TelephonesOrder, TelephonesReply>;
    offices: readonly Office[];
    prefix: string;
  }) {
    this.#stack = parts.stack;
    this.#issuer = parts.issuer;
    this.stores = parts.stores;
    this.database = parts.database;
    this.services = parts.services;
    this.telephones = parts.telephones;
    this.offices = parts.offices;
    this.prefix = parts.prefix;
  }

  static async start({ replicas, telephones: task, tenants: count }: SystemPlan): Promise<System> {
    await using starting = new AsyncDisposableStack();
    const stores = starting.use(await StormStores.start());
    const issuer = starting.use(await TestIssuer.start());
    await prepareDatabase(stores.postgres.url, new Date());
    const database = starting.use(
      await openDatabase({
        url: stores.postgres.url,
        applicationName: observer,
        connectionsMax: 3,
        silenceMs: 0,
      }),
    );
    const telephones = starting.use(
      startChild<TelephonesOrder, TelephonesReply>('./telephones-process.ts', task),
    );
    const { pbxs } = await telephones.told('ready');
    const offices = await addOffices(database, pbxs, count);
    const folder = await mkdtemp(join(tmpdir(), 'trunkline-capacity-'));
    starting.defer(() => rm(folder, { recursive: true, force: true }));
    const prefix = 'capacity';
    const services = await startServices(
      replicas,
      {
        DATABASE_URL: stores.postgres.url,
        REDIS_URL: stores.redis.url,
        TRUNKLINE_REDIS_PREFIX: prefix,
        TRUNKLINE_STORAGE_DIR: folder,
        TRUNKLINE_PBX_CAPACITY_USERNAME: telephonesCredential.username,
        TRUNKLINE_PBX_CAPACITY_SECRET: telephonesCredential.secret,
        TRUNKLINE_TOKEN_ISSUER: issuer.url,
        TRUNKLINE_TOKEN_AUDIENCE: testAudience,
        TRUNKLINE_API_PORT: '0',
        TRUNKLINE_WEBHOOK_KEY: 'capacity:only-for-processes-of-this-test-0123456789',
        // All browsers come from one address here, in the names of two users.
        TRUNKLINE_PUSH_CONNECTIONS: connectionsMax,
        TRUNKLINE_PUSH_CONNECTIONS_PER_ADDRESS: connectionsMax,
        TRUNKLINE_PUSH_CONNECTIONS_PER_USER: connectionsMax,
      },
      starting,
    );
    const stack = starting.move();
    return new System({ stack, issuer, stores, database, services, telephones, offices, prefix });
  }

  /** Every link to a PBX is live. Says which are not. */
  async untilLive(): Promise<void> {
    let down: string[] = [];
    await until(
      async () => {
        const pbxs = await this.database.transaction((transaction) => listPbxs(transaction));
        down = pbxs
          .filter(({ link }) => link.state !== 'live')
          .map(({ vendor, link }) => `${vendor} is ${link.state}: ${link.reason}`);
        return down.length === 0;
      },
      () => `every link should be live: ${down.join('; ')}`,
      liveWithinMs,
    );
  }

  /** A token with which a browser of this tenant hears everything. */
  token(tenant: TenantId): Promise<string> {
    const exp = Math.floor(Date.now() / 1_000) + tokenSeconds;
    return this.#issuer.token({ tenant, roles: ['supervisor'], exp });
  }

  /** Browsers at the push nodes, in a process of their own; they end with the system. */
  async openBrowsers(browsers: readonly BrowserTask[], options: readonly string[] = []): Promise<Browsers> {
    const opened = this.#stack.use(
      startChild<BrowsersOrder, BrowsersReply>(
        './browsers-process.ts',
        { ports: this.pushPorts, browsers },
        options,
      ),
    );
    await opened.told('started');
    return opened;
  }

  get pushPorts(): number[] {
    return this.services.flatMap(({ service, process }) =>
      service === 'push' ? (process.said.port ?? []) : [],
    );
  }

  /** Services that have ended by themselves, each with how. */
  get ended(): string[] {
    return this.services.flatMap(({ name, process }) =>
      process.ending() === null ? [] : [`${name} ended with ${process.ending()}`],
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** Under which whoever looks on is connected to the database, so that it is not counted. */
export const observer = 'capacity-observer';

/** PBXs in the database, for connectors to find; tenants own them in turn. */
async function addOffices(database: Database, pbxs: readonly PbxAddress[], count: number): Promise<Office[]> {
  return database.transaction(async (transaction) => {
    const tenants: TenantId[] = [];
    for (let index = 0; index < count; index += 1)
      tenants.push(await addTenant(transaction, { name: `Tenant ${index + 1}` }));
    const offices: Office[] = [];
    for (const [index, { vendor, address, sha256 }] of pbxs.entries()) {
      const tenant = tenants[index % tenants.length];
      if (tenant === undefined) throw new RangeError('PBXs belong to a tenant: there must be one');
      const pbx = crypto.randomUUID();
      await addPbx(transaction, {
        id: pbxId(pbx),
        tenant,
        name: `Office ${index + 1}`,
        vendor,
        address,
        trust: `sha256:${sha256}`,
        credential: 'capacity',
      });
      offices.push({ pbx, tenant, index });
    }
    return offices;
  });
}
