import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Transaction } from './transaction.ts';

/** A transaction that can also take rows by COPY, which a query builder can't send. */
export class CopyingTransaction extends Transaction {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    super(async <Row>(statement: string, parameters: readonly unknown[]) => {
      const result = await client.query(statement, [...parameters]);
      return result.rows as Row[];
    });
    this.#client = client;
  }

  /** `statement` is a `copy … from stdin`; the source gives bytes in the format that it names. */
  async copyIn(statement: string, source: Readable): Promise<void> {
    await pipeline(source, this.#client.query(copyFrom(statement)));
  }
}

/** Runs work in a transaction on a connection of its own; one that broke meanwhile is not given back to the pool. */
export async function runCopying<Result>(
  pool: Pool,
  work: (transaction: CopyingTransaction) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(new CopyingTransaction(client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // A COPY that broke off leaves the protocol at a place that nobody knows; ending the session ends the transaction too.
    client.release(true);
    throw error;
  }
}
