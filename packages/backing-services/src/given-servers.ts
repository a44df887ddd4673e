import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Backing } from './backing.ts';
import { never } from './backing.ts';
import { postgresAnswers } from './postgres/postgres-server.ts';
import { redisAnswers } from './redis/redis-server.ts';

/** A server named by the environment is used or is an error; nothing is started in its stead. */
export async function givenPostgres(url: string): Promise<Backing> {
  const failure = await postgresAnswers(url);
  if (failure === undefined) {
    return given(url, `PostgreSQL ${await postgresVersion(url)} on ${place(url)} (DATABASE_URL)`);
  }
  throw new Error(
    `DATABASE_URL names ${withoutPassword(url)}, which does not answer: ${failure}. ` +
      'Correct it, or unset it to have PostgreSQL found or started.',
  );
}

export async function givenRedis(url: string): Promise<Backing> {
  const failure = await redisAnswers(url);
  if (failure === undefined) return given(url, `${await redisVersion(url)} on ${place(url)} (REDIS_URL)`);
  throw new Error(
    `REDIS_URL names ${withoutPassword(url)}, which does not answer: ${failure}. ` +
      'Correct it, or unset it to have Redis found or started.',
  );
}

function given(url: string, label: string): Backing {
  return { url, label, lost: never, stop: () => Promise.resolve() };
}

async function postgresVersion(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version.split(' ')[0] ?? '';
  } finally {
    await client.end();
  }
}

async function redisVersion(url: string): Promise<string> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  client.on('error', () => {});
  try {
    const info = await client.info('server');
    const valkey = /valkey_version:(\S+)/.exec(info)?.[1];
    return valkey === undefined ? `Redis ${/redis_version:(\S+)/.exec(info)?.[1] ?? ''}` : `Valkey ${valkey}`;
  } finally {
    client.disconnect();
  }
}

function place(url: string): string {
  const { host } = new URL(url);
  return host;
}

/** For messages and logs: the address without its secret. */
export function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return 'something that is not a URL';
  if (parsed.password !== '') parsed.password = '***';
  return parsed.toString();
}
