import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { testDatabaseUrl } from './test-servers.ts';

export type TestDatabase = {
  readonly url: string;
  readonly name: string;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * A fresh, empty database in the shared PostgreSQL, made ready by `prepare` (migrations, mostly). Disposing drops
 * it even while sessions are open on it.
 */
export async function createTestDatabase(prepare?: (url: string) => Promise<void>): Promise<TestDatabase> {
  const name = `trunkline_test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name}`);
  const url = withDatabase(testDatabaseUrl(), name);
  const database: TestDatabase = {
    url,
    name,
    [Symbol.asyncDispose]: () => administer(`drop database if exists ${name} with (force)`),
  };
  try {
    await prepare?.(url);
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
  return database;
}

async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: testDatabaseUrl() });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}
