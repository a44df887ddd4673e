import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testAudience, TestIssuer } from '@trunkline/access/testing';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { createFeed, type Feed } from '@trunkline/feed';
import { createRedisConnections, withDeadline, type RedisConnections } from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';

type Database = Awaited<ReturnType<typeof preparedDatabase>>;

export interface PushNode {
  readonly port: number;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const startMs = 90_000;
const [tenant] = tenantIds;

/** Nodes of the real push in processes of their own, with a database, a feed and an issuer to test a client against. */
export class PushFleet implements AsyncDisposable {
  readonly prefix = uniquePrefix('sdk').replaceAll(/:$/g, '');
  readonly nodes = new Set<PushNode>();
  readonly #database: Database;
  readonly #issuer: TestIssuer;
  readonly #redis: RedisConnections;
  readonly #feed: Feed;
  #messages = 0;

  private constructor(database: Database, issuer: TestIssuer) {
    this.#database = database;
    this.#issuer = issuer;
    const { logger } = createMemoryLogger();
    this.#redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'sdk' });
    this.#feed = createFeed({ redis: this.#redis, prefix: this.prefix });
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

  async start(): Promise<PushNode> {
    const main = fileURLToPath(new URL('main.ts', import.meta.resolve('@trunkline/push')));
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: this.#database.url,
        REDIS_URL: testRedisUrl(),
        TRUNKLINE_REDIS_PREFIX: this.prefix,
        TRUNKLINE_TOKEN_ISSUER: this.#issuer.url,
        TRUNKLINE_TOKEN_AUDIENCE: testAudience,
      },
    });
    const ended = once(child, 'exit');
    const serves = Promise.withResolvers<number>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { msg, port } = JSON.parse(line) as { msg?: string; port?: number };
      if (msg === 'push serves' && port !== undefined) serves.resolve(port);
    });
    const kill = async (signal: NodeJS.Signals) => {
      this.nodes.delete(node);
      child.kill(signal);
      await ended;
    };
    const node: PushNode = { port: await withDeadline(serves.promise, startMs, 'the start of push'), kill };
    this.nodes.add(node);
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.kill('SIGKILL');
    await this.#redis.closeAll();
    await this.#issuer[Symbol.asyncDispose]();
    await this.#database[Symbol.asyncDispose]();
  }
}
