import { testAudience, TestIssuer } from '@trunkline/access/testing';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { applyEvents, OutboxRelay, type HeardEvent } from '@trunkline/database';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { createFeed, type Feed } from '@trunkline/feed';
import { createRedisConnections, type RedisConnections } from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { startServiceProcess, type ServiceProcess } from '../../support/service-process.ts';

type Database = Awaited<ReturnType<typeof preparedDatabase>>;

export interface PushNode {
  readonly port: number;
  /** Where its metrics are. */
  readonly operations: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const [tenant] = tenantIds;

/** Nodes of the real push in processes of their own, with a database, a feed and an issuer to test a client against. */
export class PushFleet implements AsyncDisposable {
  readonly prefix = uniquePrefix('sdk').replaceAll(/:$/g, '');
  readonly nodes = new Set<PushNode>();
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly #issuer: TestIssuer;
  readonly #feed: Feed;
  #api: ServiceProcess | undefined;
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
    const { said, kill } = await this.#run('@trunkline/push', 'push serves', env);
    const node: PushNode = {
      port: said.port ?? 0,
      operations: said.operations ?? '',
      kill: async (signal) => {
        this.nodes.delete(node);
        await kill(signal);
      },
    };
    this.nodes.add(node);
    return node;
  }

  /** The real API on the same stores, once; answers with its address. */
  async startApi(): Promise<string> {
    this.#api = await this.#run('@trunkline/api', 'the API listens', { TRUNKLINE_API_PORT: '0' });
    return this.#api.said.url ?? '';
  }

  #run(service: string, ready: string, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    return startServiceProcess(service, ready, {
      DATABASE_URL: this.database.url,
      REDIS_URL: testRedisUrl(),
      TRUNKLINE_REDIS_PREFIX: this.prefix,
      TRUNKLINE_TOKEN_ISSUER: this.#issuer.url,
      TRUNKLINE_TOKEN_AUDIENCE: testAudience,
      ...env,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.kill('SIGKILL');
    await this.#api?.kill('SIGKILL');
    await this.redis.closeAll();
    await this.#issuer[Symbol.asyncDispose]();
    await this.database[Symbol.asyncDispose]();
  }
}
