import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testAudience, TestIssuer } from '@trunkline/access/testing';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { applyEvents, OutboxRelay, type HeardEvent } from '@trunkline/database';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { createFeed, type Feed } from '@trunkline/feed';
import { createRedisConnections, withDeadline, type RedisConnections } from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';

type Database = Awaited<ReturnType<typeof preparedDatabase>>;

export interface PushNode {
  readonly port: number;
  /** Where its metrics are. */
  readonly operations: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

interface Said {
  readonly msg?: string;
  readonly port?: number;
  readonly url?: string;
  readonly operations?: string;
}

const startMs = 90_000;
const [tenant] = tenantIds;

/** Nodes of the real push in processes of their own, with a database, a feed and an issuer to test a client against. */
export class PushFleet implements AsyncDisposable {
  readonly prefix = uniquePrefix('sdk').replaceAll(/:$/g, '');
  readonly nodes = new Set<PushNode>();
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly #issuer: TestIssuer;
  readonly #feed: Feed;
  #api: ChildProcess | undefined;
  #messages = 0;

  private constructor(database: Database, issuer: TestIssuer) {
    this.database = database;
    this.#issuer = issuer;
    const { logger } = createMemoryLogger();
    this.redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'sdk' });
    this.#feed = createFeed({ redis: this.redis, prefix: this.prefix });
  }

  static async open(): Promise<PushFleet> {
    const fleet = new PushFleet(await preparedDatabase(), await TestIssuer.start());
    await fleet.#feed.ready();
    return fleet;
  }

  token(claims: Record<string, unknown> = {}): Promise<string> {
    return this.#issuer.token({ tenant, roles: ['supervisor'], sub: 'ada', ...claims });
  }

  /** What the outbox would relay after a commit. */
  async publish(payload: Record<string, readonly object[]>): Promise<void> {
    const id = String((this.#messages += 1));
    const message = { tenant: tenant ?? '', id, payload: JSON.stringify(payload), traceparent: null };
    await this.#feed.deliver([message]);
  }

  /** What the janitor of the outbox does, now. */
  async tellLeftovers(): Promise<void> {
    await new OutboxRelay(this.database, (messages) => this.#feed.deliver(messages)).relayLeftovers(0);
  }

  /** What workers do: commits, and then tells. */
  async commit(...heard: HeardEvent[]): Promise<void> {
    const { messages } = await this.database.run((transaction) => applyEvents(transaction, heard));
    await this.#feed.deliver(messages);
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<PushNode> {
    const { child, said } = await this.#run('@trunkline/push', 'push serves', env);
    const ended = once(child, 'exit');
    const kill = async (signal: NodeJS.Signals) => {
      this.nodes.delete(node);
      child.kill(signal);
      await ended;
    };
    const node: PushNode = { port: said.port ?? 0, operations: said.operations ?? '', kill };
    this.nodes.add(node);
    return node;
  }

  /** The real API on the same stores, once; answers with its address. */
  async startApi(): Promise<string> {
    const { child, said } = await this.#run('@trunkline/api', 'the API listens', { TRUNKLINE_API_PORT: '0' });
    this.#api = child;
    return said.url ?? '';
  }

  async #run(service: string, ready: string, env: Readonly<Record<string, string>>) {
    const main = fileURLToPath(new URL('main.ts', import.meta.resolve(service)));
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: this.database.url,
        REDIS_URL: testRedisUrl(),
        TRUNKLINE_REDIS_PREFIX: this.prefix,
        TRUNKLINE_TOKEN_ISSUER: this.#issuer.url,
        TRUNKLINE_TOKEN_AUDIENCE: testAudience,
        ...env,
      },
    });
    const started = Promise.withResolvers<Said>();
    let serves: Said = {};
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Said;
      if (said.msg === ready) serves = said;
      if (said.msg === 'started') started.resolve({ ...said, ...serves });
    });
    return { child, said: await withDeadline(started.promise, startMs, `the start of ${service}`) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.kill('SIGKILL');
    this.#api?.kill('SIGKILL');
    await this.redis.closeAll();
    await this.#issuer[Symbol.asyncDispose]();
    await this.database[Symbol.asyncDispose]();
  }
}
