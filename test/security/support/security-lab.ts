import { join } from 'node:path';
import { createRevocations, createTokenVerifier, type Role } from '@trunkline/access';
import { testAudience, type TestIssuer } from '@trunkline/access/testing';
import { areasOf } from '@trunkline/api';
import {
  ApiLab,
  numbers,
  seedTenant,
  tenants,
  webhookUrl,
  type Answer,
  type Asking,
  type Seeded,
  type TenantName,
} from '@trunkline/api/testing';
import { freePort, testRedisUrl } from '@trunkline/backing-services/testing';
import { applyEvents } from '@trunkline/database';
import { readEvent, tenantId } from '@trunkline/domain';
import { createFeed, type Feed } from '@trunkline/feed';
import { createPbxCommands } from '@trunkline/pbx-commands';
import { createCommands, createPush, createPushMetrics, PUSH_TUNING, type PushTuning } from '@trunkline/push';
import { TestClient, TestStream, type ClientWishes, type StreamWishes } from '@trunkline/push/testing';
import { createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';

export interface SecurityLabOptions {
  readonly tuning?: (usual: PushTuning) => PushTuning;
  readonly env?: Readonly<Record<string, string>>;
  readonly requestMs?: number;
}

/** Pages of it may call both; none other may. */
export const allowedOrigin = 'https://crm.example';
export const sessionSecret = 'a secret of sessions that nobody may ever read in a log';

/** A console of one page and one file. */
const consoleFolder = join(import.meta.dirname, 'a-console');

const lifeMsMax = 86_400_000;
const firstSeqOfStories = 10_000;

/** The real API and the real push on the same stores and issuer, with two tenants that have one of everything. */
export class SecurityLab implements AsyncDisposable {
  /** Whatever must never be found in a log: tokens, numbers, secrets, cookies. */
  readonly secrets = new Set<string>();
  readonly #logs = { api: createMemoryLogger(asInProduction), push: createMemoryLogger(asInProduction) };
  readonly #stack = new AsyncDisposableStack();
  #seq = firstSeqOfStories;
  #tokens = 0;
  declare api: ApiLab;
  declare feed: Feed;
  declare seeded: Readonly<Record<TenantName, Seeded>>;
  declare pushPort: number;

  static async open(options: SecurityLabOptions = {}): Promise<SecurityLab> {
    const lab = new SecurityLab();
    const port = await freePort();
    lab.api = lab.#stack.use(
      await ApiLab.open({
        logger: lab.#logs.api.logger,
        areas: areasOf,
        ...(options.requestMs !== undefined && { requestMs: options.requestMs }),
        env: {
          TRUNKLINE_API_PORT: String(port),
          TRUNKLINE_API_PUBLIC_URL: `http://127.0.0.1:${port}`,
          TRUNKLINE_API_SESSION_SECRET: sessionSecret,
          TRUNKLINE_API_CORS_ORIGINS: allowedOrigin,
          // Somebody forgot it there: production has no simulator to steer all the same.
          TRUNKLINE_API_SIMULATOR_URL: 'http://127.0.0.1:9',
          TRUNKLINE_CONSOLE_DIR: consoleFolder,
          ...options.env,
        },
      }),
    );
    await lab.#startPush(options.tuning?.(quick) ?? quick);
    lab.seeded = { acme: await seedTenant(lab.api, 'acme'), other: await seedTenant(lab.api, 'other') };
    for (const secret of [...Object.values(numbers), webhookUrl, sessionSecret, 'k'.repeat(40)])
      lab.keepsSecret(secret);
    return lab;
  }

  async #startPush(tuning: PushTuning): Promise<void> {
    const { logger } = this.#logs.push;
    const { database, prefix } = this.api.opened.context;
    const redis = this.#stack.use(createRedisConnections({ url: testRedisUrl(), logger, name: 'push' }));
    const connection = redis.open('commands');
    this.feed = createFeed({ redis, prefix });
    await Promise.all([redis.whenReady(connection), this.feed.ready()]);
    const metrics = createMetrics({ app: 'push' });
    this.#stack.defer(() => metrics.stop());
    const revocations = createRevocations({ connection, prefix, lifeMsMax });
    const pbxCommands = this.#stack.use(createPbxCommands({ redis, prefix, logger }));
    const commands = createCommands({
      database,
      connection,
      prefix,
      pbxCommands,
      logger,
      feed: this.feed,
      metrics: createPushMetrics(metrics),
    });
    const claims = { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' };
    const trusted = { issuer: this.issuer.url, audience: testAudience };
    const push = createPush({
      database,
      redis,
      prefix,
      revocations,
      logger,
      metrics,
      tuning,
      verifier: createTokenVerifier({ ...trusted, lifeMsMax, claims, revocations }),
      carryOut: commands.carryOut,
      listen: { host: '127.0.0.1', port: 0, origins: [allowedOrigin], proxies: 0 },
    });
    this.#stack.defer(() => push.stop());
    this.pushPort = (await push.start()).port;
  }

  get issuer(): TestIssuer {
    return this.api.issuer;
  }

  /** Everything that was logged so far, as text. */
  get logged(): string {
    return [...this.#logs.api.lines, ...this.#logs.push.lines].join('');
  }

  keepsSecret(secret: string): string {
    this.secrets.add(secret);
    // A number is one without its plus as well, and the signature alone would do to make use of a token.
    if (secret.startsWith('+')) this.secrets.add(secret.slice(1));
    const signature = secret.split('.')[2] ?? '';
    if (signature.length > 20) this.secrets.add(signature);
    return secret;
  }

  /** A good token, unless the claims say otherwise. */
  async token(claims: Record<string, unknown> = {}): Promise<string> {
    this.#tokens += 1;
    const usual = { tenant: tenants.acme, sub: 'ana', roles: ['operator'], jti: `token ${this.#tokens}` };
    return this.keepsSecret(await this.issuer.token({ ...usual, ...claims }));
  }

  roleToken = (role: Role, claims: Record<string, unknown> = {}): Promise<string> =>
    this.token({ roles: [role], ...claims });

  ask(path: string, asking: Asking = {}): Promise<Answer> {
    return this.api.ask(path, asking);
  }

  client(wishes: ClientWishes = {}): TestClient {
    return this.#stack.use(new TestClient(this.pushPort, wishes));
  }

  /** A client that is let in. */
  async connected(claims: Record<string, unknown> = {}): Promise<TestClient> {
    const client = this.client({ token: await this.token(claims) });
    await client.hears('connected');
    return client;
  }

  /** An event stream, with a good token unless the wishes say otherwise. */
  async stream(wishes: StreamWishes = {}, claims: Record<string, unknown> = {}): Promise<TestStream> {
    const token = await this.token(claims);
    return this.#stack.use(new TestStream(this.pushPort, { token, ...wishes }));
  }

  async revoke(revocation: { readonly tokenId: string } | { readonly user: string }): Promise<void> {
    const { revocations } = this.api.opened.context;
    await revocations.revokeTokens({ tenant: tenantId(tenants.acme), at: Date.now(), ...revocation });
  }

  /** A tenant's PBX says something: committed, and told to the screens. */
  async say(name: TenantName, type: string, payload: Record<string, unknown>): Promise<void> {
    this.#seq += 1;
    const whole = { at: Date.now(), ...payload };
    const event = readEvent({ source: this.api.pbxs[name], epoch: 1, seq: this.#seq, type }, whole);
    const heard = [{ event, payload: JSON.stringify(whole) }];
    const { messages } = await this.api.database.run((tx) => applyEvents(tx, heard));
    await this.feed.deliver(messages);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

const asInProduction = { redactPhoneNumbers: true };

/** As in production but for waits that a test would have to sit out. */
const quick: PushTuning = {
  ...PUSH_TUNING,
  lookMs: 50,
  drain: { windowMs: 100, graceMs: 500 },
};
