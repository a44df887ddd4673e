import { createRevocations, createTokenVerifier, type Principal, type Scope } from '@trunkline/access';
import { TestIssuer, testAudience } from '@trunkline/access/testing';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { applyEvents, type Database, type HeardEvent } from '@trunkline/database';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { createFeed, type Feed, type FeedTuning } from '@trunkline/feed';
import type { Command } from '@trunkline/realtime-protocol';
import {
  createHealth,
  createMetrics,
  createRedisConnections,
  type Health,
  type Metrics,
  type RedisConnections,
} from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { createPush, PUSH_TUNING, type ListenOptions, type Push, type PushTuning } from '../index.ts';
import type { CommandAnswer } from '../session/session-host.ts';
import { TestClient, type ClientWishes } from './test-client.ts';
import { TestStream, type StreamWishes } from './test-stream.ts';

export const [one, other] = tenantIds;

type DeepPartial<Value> = {
  readonly [Key in keyof Value]?: Value[Key] extends object ? DeepPartial<Value[Key]> : Value[Key];
};

export type Payload = Readonly<Record<string, readonly Record<string, unknown>[]>>;

export interface NodeWishes {
  readonly tuning?: DeepPartial<PushTuning>;
  readonly listen?: Partial<ListenOptions>;
  /** Its way to Redis; the lab's own unless given. */
  readonly redisUrl?: string;
  readonly database?: Pick<Database, 'forTenant' | 'ping'>;
  readonly carryOut?: (command: Command, principal: Principal) => Promise<CommandAnswer>;
}

export interface LabNode {
  readonly push: Push;
  readonly port: number;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: readonly Record<string, unknown>[];
  readonly lines: readonly string[];
  client(wishes?: ClientWishes): TestClient;
  /** An event stream, with the token of a supervisor unless the claims say otherwise. */
  stream(wishes?: StreamWishes, claims?: Record<string, unknown>): Promise<TestStream>;
  /** A client that is let in. */
  connected(claims?: Record<string, unknown>, wishes?: ClientWishes): Promise<TestClient>;
}

const attemptsMax = 5;

const quick: DeepPartial<PushTuning> = {
  lookMs: 50,
  feeds: { probeMs: 200, silenceMs: 1_500, lateMs: 50 },
  drain: { windowMs: 300, graceMs: 2_000 },
};

/** Nodes on real sockets, with a Redis prefix, a database and an issuer of their own. */
export class PushLab implements AsyncDisposable {
  readonly prefix = uniquePrefix('push').replaceAll(/:$/g, '');
  readonly database: Database & { readonly url: string };
  readonly issuer: TestIssuer;
  readonly redis: RedisConnections;
  readonly redisUrl: string;
  readonly feed: Feed;
  readonly #closing: (() => Promise<unknown>)[] = [];
  #messages = 0;

  private constructor(
    database: Database & { readonly url: string },
    issuer: TestIssuer,
    redisUrl: string,
    feedTuning: Partial<FeedTuning>,
  ) {
    this.database = database;
    this.issuer = issuer;
    this.redisUrl = redisUrl;
    this.redis = createRedisConnections({ url: redisUrl, logger: createMemoryLogger().logger, name: 'lab' });
    this.feed = createFeed({ redis: this.redis, prefix: this.prefix, tuning: feedTuning });
  }

  static async open({
    redisUrl = testRedisUrl(),
    feed = {},
  }: { readonly redisUrl?: string; readonly feed?: Partial<FeedTuning> } = {}): Promise<PushLab> {
    const [database, issuer] = await Promise.all([preparedDatabase(), TestIssuer.start()]);
    const lab = new PushLab(database, issuer, redisUrl, feed);
    await lab.feed.ready();
    return lab;
  }

  async node(wishes: NodeWishes = {}): Promise<LabNode> {
    const { logger, entries: log, lines } = createMemoryLogger();
    const redis = createRedisConnections({ url: wishes.redisUrl ?? this.redisUrl, logger, name: 'push' });
    const connection = redis.open('commands');
    await redis.whenReady(connection);
    const lifeMsMax = 86_400_000;
    const tuning = merged(merged(PUSH_TUNING, quick), wishes.tuning ?? {});
    const { revocationsMs: answerMs } = tuning;
    const revocations = createRevocations({ connection, prefix: this.prefix, lifeMsMax, answerMs });
    const verifier = createTokenVerifier({
      issuer: this.issuer.url,
      audience: testAudience,
      lifeMsMax,
      claims: { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' },
      revocations,
    });
    const metrics = createMetrics({ app: 'test' });
    const health = createHealth();
    const push = createPush({
      database: wishes.database ?? this.database,
      redis,
      prefix: this.prefix,
      verifier,
      revocations,
      carryOut: wishes.carryOut ?? (() => Promise.reject(new Error('nobody carries out commands here'))),
      listen: { host: '127.0.0.1', port: 0, origins: [], proxies: 0, ...wishes.listen },
      logger,
      metrics,
      health,
      tuning,
    });
    const { port } = await push.start();
    health.started();
    this.#closing.push(async () => {
      await push.stop();
      metrics.stop();
      await redis.closeAll();
    });
    const client = (clientWishes?: ClientWishes): TestClient => {
      const made = new TestClient(port, clientWishes);
      this.#closing.push(() => made[Symbol.asyncDispose]());
      return made;
    };
    const connected = async (claims: Record<string, unknown> = {}, clientWishes?: ClientWishes) => {
      const token = await this.token(claims);
      for (let attempt = 1; ; attempt += 1) {
        const made = client({ token, ...clientWishes });
        const answer = await made.until(() => made.of('connected')[0] ?? made.of('error')[0]);
        if (answer.type === 'connected') return made;
        // As any client would: on a busy machine the token may not be checked in time.
        if (answer.kind !== 'auth_unavailable' || attempt === attemptsMax) throw new Error(answer.message);
      }
    };
    const stream = async (streamWishes: StreamWishes = {}, claims: Record<string, unknown> = {}) => {
      const made = new TestStream(port, { token: await this.token(claims), ...streamWishes });
      this.#closing.push(() => made[Symbol.asyncDispose]());
      return made;
    };
    return { push, port, health, metrics, log, lines, client, stream, connected };
  }

  /** A supervisor's of the first tenant, unless the claims say otherwise. */
  token(claims: Record<string, unknown> = {}): Promise<string> {
    return this.issuer.token({ tenant: one, roles: ['supervisor'], sub: 'ada', ...claims });
  }

  /** What rows of a message look like does not matter to most of what is tested. */
  async tell(tenant: string, ...payloads: Payload[]): Promise<void> {
    const messages = payloads.map((payload) => {
      this.#messages += 1;
      return { tenant, id: String(this.#messages), payload: JSON.stringify(payload), traceparent: null };
    });
    await this.feed.deliver(messages);
  }

  /** What workers do: commits, then tells. */
  async commit(...heard: HeardEvent[]): Promise<void> {
    const { messages } = await this.database.run((transaction) => applyEvents(transaction, heard));
    await this.feed.deliver(messages);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Clients first, so that nodes have nobody to move.
    for (const close of this.#closing.toReversed()) await close();
    await this.redis.closeAll();
    await this.issuer[Symbol.asyncDispose]();
    await this.database[Symbol.asyncDispose]();
  }
}

export const rolesOf = (...scopes: Scope[]) => ({ roles: undefined, scope: scopes.join(' ') });

let rowsMade = 0;

/** A phone as it is told, of a name that no other has unless it is given. */
export function phone(wishes: Record<string, unknown> = {}) {
  rowsMade += 1;
  return {
    pbx: 'p',
    extension: `phone ${rowsMade}`,
    name: null,
    status: 'online',
    lastSeenAt: '2026-01-01T00:00:00+00:00',
    revision: 1,
    ...wishes,
  };
}

export function call(wishes: Record<string, unknown> = {}) {
  rowsMade += 1;
  return {
    pbx: 'p',
    call: `call ${rowsMade}`,
    status: 'ringing',
    startedAt: '2026-01-01T00:00:00+00:00',
    answeredAt: null,
    answeredApproximate: false,
    endedAt: null,
    cause: null,
    talkSeconds: null,
    direction: null,
    trunk: null,
    did: null,
    callerNumber: null,
    callerName: null,
    calleeNumber: null,
    calleeName: null,
    extensions: [],
    phones: [],
    revision: 1,
    ...wishes,
  };
}

function merged<Value extends object>(base: Value, over: DeepPartial<Value>): Value {
  const result = { ...base } as Record<string, unknown>;
  for (const [name, value] of Object.entries(over)) {
    const before = result[name];
    const isPart =
      typeof before === 'object' && before !== null && typeof value === 'object' && value !== null;
    result[name] = isPart ? merged(before, value) : value;
  }
  return result as Value;
}
