import { Pool } from 'pg';
import type { SqlTransaction, Transactions } from '../ports.ts';

/** The port over plain node-postgres, set as a database package should set its pool. */
export class PgTransactions implements Transactions<SqlTransaction> {
  readonly pool: Pool;

  constructor(connectionString: string, max = 10) {
    this.pool = new Pool({
      connectionString,
      max,
      connectionTimeoutMillis: 2_000,
      query_timeout: 4_000,
      keepAlive: true,
    });
    this.pool.on('error', ignore);
    // A client that is checked out and idle in its transaction hears of its lost connection by this event only.
    this.pool.on('connect', (client) => client.on('error', ignore));
  }

  async run<T>(work: (tx: SqlTransaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken = true;
    try {
      await client.query('begin');
      const result = await work({
        query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
          (await client.query(sql, [...parameters])).rows as Row[],
      });
      await client.query('commit');
      broken = false;
      return result;
    } catch (error) {
      // After a timeout the connection is beyond asking; whatever else failed, a rollback shows whether it still works.
      broken = isTimeout(error) || !(await client.query('rollback').then(succeeded, failed));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

const succeeded = (): boolean => true;
const failed = (): boolean => false;
const ignore = (): void => undefined;

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}
