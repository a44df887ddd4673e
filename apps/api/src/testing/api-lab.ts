import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roleScopes, type Role } from '@trunkline/access';
import { testAudience, TestIssuer } from '@trunkline/access/testing';
import {
  createTestDatabase,
  startFaultProxy,
  testRedisUrl,
  uniquePrefix,
  type FaultProxy,
} from '@trunkline/backing-services/testing';
import {
  addPbx,
  addTenant,
  applyEvents,
  openDatabase,
  prepareDatabase,
  type Database,
} from '@trunkline/database';
import { readEvent, tenantId, type PbxId, type TenantId } from '@trunkline/domain';
import {
  createLogger,
  createMetrics,
  createRedisConnections,
  readSettings,
  type Logger,
  type Metrics,
  type RedisConnections,
} from '@trunkline/service-kit';
import { startApi, type Api, type Area } from '../create-api.ts';
import { openContext, type OpenedContext } from '../open-context.ts';
import { apiSettings, type ApiSettings } from '../settings.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface Asking {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LabOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
  readonly requestMs?: number;
  readonly areas?: (context: OpenedContext['context'], settings: ApiSettings) => readonly Area[];
}

const silent = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });

export const tenants = {
  acme: tenantId('10000000-0000-4000-8000-00000000000a'),
  other: tenantId('10000000-0000-4000-8000-00000000000b'),
} as const;

export type TenantName = keyof typeof tenants;

/** The API on stores of a test's own, with an issuer whose tokens it takes, and two tenants with a PBX each. */
export class ApiLab implements AsyncDisposable {
  readonly prefix = uniquePrefix('api');
  readonly metrics: Metrics = createMetrics({ app: 'api' });
  readonly #stack = new AsyncDisposableStack();
  #seq = 0;
  declare database: Database;
  declare redis: RedisConnections;
  declare issuer: TestIssuer;
  /** Where files are kept. */
  declare folder: string;
  declare api: Api;
  declare opened: OpenedContext;
  /** Between the API and its stores; the lab itself goes past them. */
  declare databaseProxy: FaultProxy;
  declare redisProxy: FaultProxy;
  declare pbxs: Readonly<Record<TenantName, PbxId>>;

  static async open({ env = {}, logger = silent, areas, requestMs }: LabOptions = {}): Promise<ApiLab> {
    const lab = new ApiLab();
    const stack = lab.#stack;
    const created = stack.use(
      await createTestDatabase(async (url) => void (await prepareDatabase(url, new Date()))),
    );
    lab.database = stack.use(
      await openDatabase({ url: created.url, applicationName: 'lab', connectionsMax: 4 }),
    );
    lab.redis = stack.use(createRedisConnections({ url: testRedisUrl(), logger: silent, name: 'lab' }));
    lab.folder = await mkdtemp(join(tmpdir(), 'api-files-'));
    stack.defer(() => rm(lab.folder, { recursive: true, force: true }));
    lab.issuer = stack.use(await TestIssuer.start());
    lab.pbxs = { acme: await lab.#addPbx('acme'), other: await lab.#addPbx('other') };
    lab.databaseProxy = stack.use(await proxyTo(created.url));
    lab.redisProxy = stack.use(await proxyTo(testRedisUrl()));
    const settings = readSettings(apiSettings, {
      DATABASE_URL: lab.databaseProxy.through(created.url),
      REDIS_URL: lab.redisProxy.through(testRedisUrl()),
      TRUNKLINE_REDIS_PREFIX: lab.prefix,
      TRUNKLINE_STREAM_SHARDS: '2',
      TRUNKLINE_TOKEN_ISSUER: lab.issuer.url,
      TRUNKLINE_TOKEN_AUDIENCE: testAudience,
      TRUNKLINE_WEBHOOK_KEY: `lab:${'k'.repeat(40)}`,
      TRUNKLINE_API_SESSION_SECRET: 's'.repeat(40),
      TRUNKLINE_STORAGE_DIR: lab.folder,
      TRUNKLINE_API_PORT: '0',
      TRUNKLINE_API_COMMAND_WITHIN: '2s',
      TRUNKLINE_API_REQUESTS_PER_USER: '100000',
      TRUNKLINE_API_REQUESTS_PER_ADDRESS: '100000',
      ...env,
    });
    lab.opened = stack.use(await openContext({ settings, logger, metrics: lab.metrics }));
    const { context } = lab.opened;
    await context.redis.whenReady(context.connection);
    const { host, port, perUserMax, perAddressMax, corsOrigins = [] } = settings.api;
    lab.api = stack.use(
      await startApi({
        context,
        limits: { perUserMax, perAddressMax },
        host,
        port,
        corsOrigins,
        areas: areas?.(context, settings) ?? [],
        ...(requestMs !== undefined && { requestMs }),
      }),
    );
    stack.defer(() => lab.metrics.stop());
    return lab;
  }

  async #addPbx(name: TenantName): Promise<PbxId> {
    const tenant = tenants[name];
    return this.database.run(async (tx) => {
      await addTenant(tx, { id: tenant, name });
      const about = { vendor: 'yeastar', address: 'https://pbx.test', trust: 'public', credential: 'head' };
      return addPbx(tx, { tenant, name: `PBX of ${name}`, ...about });
    });
  }

  token(
    allowed: Role | readonly string[],
    { tenant = 'acme', user = 'ana' }: { readonly tenant?: TenantName; readonly user?: string } = {},
  ): Promise<string> {
    const scope = (typeof allowed === 'string' ? roleScopes[allowed] : allowed).join(' ');
    return this.issuer.token({ tenant: tenants[tenant], sub: user, scope });
  }

  async ask(path: string, { method = 'GET', token, body, headers = {} }: Asking = {}): Promise<Answer> {
    const response = await fetch(`${this.api.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }

  post(
    path: string,
    token: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.ask(path, { method: 'POST', token, body, headers });
  }

  /** Lets a tenant's PBX say something, as it would come out of a stream; so many seconds ago. */
  async hear(
    name: TenantName,
    type: string,
    payload: Record<string, unknown>,
    secondsAgo = 0,
  ): Promise<void> {
    this.#seq += 1;
    const whole = { at: Date.now() - secondsAgo * 1_000, ...payload };
    const event = readEvent({ source: this.pbxs[name], epoch: 1, seq: this.#seq, type }, whole);
    await this.database.run((tx) => applyEvents(tx, [{ event, payload: JSON.stringify(whole) }]));
  }

  query<Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.run((tx) => tx.query<Row>(statement, parameters));
  }

  tenant(name: TenantName): TenantId {
    return tenants[name];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function proxyTo(url: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(url);
  return startFaultProxy({ host: hostname, port: Number(port) });
}
