import { Cluster, Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import {
  createTestDatabase,
  startPostgresServer,
  startRedisCluster,
  startRedisServer,
  testRedisUrl,
  uniquePrefix,
} from '../testing.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  it('gives a database of its own, prepared, and drops it even while it is in use', async () => {
    const database = await createTestDatabase(async (url) => {
      await query(url, 'create table greeting as select 1 as one');
    });
    expect(await query(database.url, 'select one from greeting')).toEqual([{ one: 1 }]);
    const lingering = new Client({ connectionString: database.url });
    lingering.on('error', () => {});
    await lingering.connect();
    await database[Symbol.asyncDispose]();
    await expect(query(database.url, 'select 1')).rejects.toThrow(/does not exist/);
    await lingering.end().catch(() => {});
  });

  it('leaves no database behind when preparing it fails', async () => {
    let made = '';
    const preparing = createTestDatabase((url) => {
      made = url;
      return Promise.reject(new Error('no migration today'));
    });
    await expect(preparing).rejects.toThrow('no migration today');
    await expect(query(made, 'select 1')).rejects.toThrow(/does not exist/);
  });
});

describe('the shared Redis', () => {
  it('answers under a prefix of the test', async () => {
    await using redis = disposable(new Redis(testRedisUrl()));
    const key = `${uniquePrefix('testing')}greeting`;
    await redis.client.set(key, 'hello', 'EX', 60);
    expect(await redis.client.get(key)).toBe('hello');
  });
});

describe('startRedisServer', () => {
  it('can be killed and comes back on the same port with what it kept', async () => {
    await using server = await startRedisServer({ durable: true });
    await withRedis(server.url, (redis) => redis.set('kept', 'yes'));
    const before = server.pid;
    server.kill('SIGKILL');
    await server.exited();
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await withRedis(server.url, (redis) => redis.get('kept'))).toBe('yes');
  });

  it('begins empty after a restart unless told to be durable', async () => {
    await using server = await startRedisServer();
    await withRedis(server.url, (redis) => redis.set('kept', 'no'));
    await server.restart();
    expect(await withRedis(server.url, (redis) => redis.dbsize())).toBe(0);
  });

  it('lets nobody in without the password', async () => {
    await using server = await startRedisServer();
    const stranger = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true });
    stranger.on('error', () => {});
    await expect(stranger.set('a', 'b')).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
  });
});

describe('startRedisCluster', () => {
  it('is ready to take a key of any slot as soon as it is there', async () => {
    await using cluster = await startRedisCluster({ masters: 3 });
    await using client = disposable(new Cluster([...cluster.nodes], { redisOptions: cluster.redisOptions }));
    const names = Array.from({ length: 64 }, (_, index) => `trunkline:{${index}}`);
    await Promise.all(names.map((name) => client.client.set(name, name)));
    expect(await Promise.all(names.map((name) => client.client.get(name)))).toEqual(names);
    const counts = await Promise.all(
      cluster.masters.map(({ url }) => withRedis(url, (redis) => redis.dbsize())),
    );
    expect(counts.every((count) => count > 0)).toBe(true);
  });
});

describe('startPostgresServer', () => {
  it('can be killed and comes back on the same port with its data', async () => {
    await using server = await startPostgresServer();
    await query(server.url, 'create table kept as select 7 as seven');
    server.kill('SIGKILL');
    await server.exited();
    await server.restart();
    expect(await query(server.url, 'select seven from kept')).toEqual([{ seven: 7 }]);
  });
});

function disposable<Client extends { disconnect(): void }>(client: Client) {
  return {
    client,
    [Symbol.asyncDispose]: () => {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

async function withRedis<Answer>(url: string, ask: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(url);
  redis.on('error', () => {});
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
