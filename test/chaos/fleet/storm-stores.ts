import {
  startPostgresServer,
  startRedisServer,
  type TestPostgresServer,
  type TestRedisServer,
} from '@trunkline/backing-services/testing';
import { sleep } from '@trunkline/service-kit';
import { Redis } from 'ioredis';

/** Backends of a PostgreSQL that was killed may hold its memory for a moment longer, and the next one refuses to begin. */
const postgresTriesMax = 20;
const postgresTryEveryMs = 250;

/** A PostgreSQL and a Redis of the storm's own, with everything that may happen to either of them. */
export class StormStores implements AsyncDisposable {
  readonly postgres: TestPostgresServer;
  readonly redis: TestRedisServer;

  private constructor(postgres: TestPostgresServer, redis: TestRedisServer) {
    this.postgres = postgres;
    this.redis = redis;
  }

  static async start(): Promise<StormStores> {
    await using starting = new AsyncDisposableStack();
    const postgres = starting.use(await startPostgresServer());
    const settings = { appendonly: 'yes', appendfsync: 'everysec' };
    const redis = starting.use(await startRedisServer({ settings }));
    starting.move();
    return new StormStores(postgres, redis);
  }

  /** Sessions end, what is committed stays. */
  async restartPostgres(awayMs: number): Promise<void> {
    this.postgres.kill('SIGINT');
    await this.#bringBackPostgres(awayMs);
  }

  async crashPostgres(awayMs: number): Promise<void> {
    this.postgres.kill('SIGKILL');
    await this.#bringBackPostgres(awayMs);
  }

  async restartRedis(awayMs: number): Promise<void> {
    this.redis.kill('SIGTERM');
    await this.#bringBackRedis(awayMs);
  }

  /** What it had not written yet is lost. */
  async crashRedis(awayMs: number): Promise<void> {
    this.redis.kill('SIGKILL');
    await this.#bringBackRedis(awayMs);
  }

  async freezeRedis(forMs: number): Promise<void> {
    this.redis.kill('SIGSTOP');
    await sleep(forMs);
    this.redis.kill('SIGCONT');
  }

  /** All data is gone, and nobody's connection breaks. */
  async flushRedis(): Promise<void> {
    await this.#command((client) => client.flushall());
  }

  /** Comes back as a new server with nothing in it. */
  async loseRedis(awayMs: number): Promise<void> {
    await this.#command(async (client) => {
      await client.flushall();
      // The server ends instead of an answer.
      await client.call('shutdown', 'nosave', 'now').catch(() => undefined);
    });
    await this.#bringBackRedis(awayMs);
  }

  async #command(work: (client: Redis) => Promise<unknown>): Promise<void> {
    const client = new Redis(this.redis.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await work(client);
    } finally {
      client.disconnect();
    }
  }

  async #bringBackRedis(awayMs: number): Promise<void> {
    await this.redis.exited();
    await sleep(awayMs);
    await this.redis.restart();
  }

  async #bringBackPostgres(awayMs: number): Promise<void> {
    await this.postgres.exited();
    await sleep(awayMs);
    for (let tries = 1; ; tries++) {
      try {
        await this.postgres.restart();
        return;
      } catch (error) {
        if (tries === postgresTriesMax) throw error;
        await sleep(postgresTryEveryMs);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.postgres.stop(), this.redis.stop()]);
  }
}
