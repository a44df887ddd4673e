import { CompiledQuery, type Kysely } from 'kysely';

export type Execute = <Row>(statement: string, parameters: readonly unknown[]) => Promise<Row[]>;

/**
 * One PostgreSQL transaction. Statements go through the Kysely handle of the entity manager's transaction, which binds
 * parameters (MikroORM's own `?` writes them into the text) and joins whatever else the transaction does.
 */
export class Transaction {
  readonly #execute: Execute;

  constructor(execute: Execute) {
    this.#execute = execute;
  }

  async query<Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#execute<Row>(statement, parameters);
  }
}

export const transactionOf = (kysely: Kysely<unknown>): Transaction =>
  new Transaction(async <Row>(statement: string, parameters: readonly unknown[]) => {
    const result = await kysely.executeQuery<Row>(CompiledQuery.raw(statement, [...parameters]));
    return result.rows;
  });
