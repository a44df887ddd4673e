import { CompiledQuery, type Kysely } from 'kysely';

/**
 * One PostgreSQL transaction. Statements go through the Kysely handle of the entity manager's transaction, which binds
 * parameters (MikroORM's own `?` writes them into the text) and joins whatever else the transaction does.
 */
export class Transaction {
  readonly #kysely: Kysely<unknown>;

  constructor(kysely: Kysely<unknown>) {
    this.#kysely = kysely;
  }

  async query<Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.#kysely.executeQuery<Row>(CompiledQuery.raw(statement, [...parameters]));
    return result.rows;
  }
}
