import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import type { TenantId } from '@trunkline/domain';
import { CompiledQuery } from 'kysely';
import type { Pool } from 'pg';
import { runCopying, type CopyingTransaction } from './copying-transaction.ts';
import { entities } from './entities/index.ts';
import { migrations, migrationTable } from './migrations/index.ts';
import { openPool, steadfastDialect } from './steadfast-dialect.ts';
import { tenantRole, tenantSetting } from './tenant-role.ts';
import { transactionOf, type Transaction } from './transaction.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in pg_stat_activity, so that an operator sees who holds a lock. */
  readonly applicationName: string;
  /** A worker needs one connection for each shard it serves at once, and one for everything else. */
  readonly connectionsMax?: number;
  /**
   * A connection on which nothing has moved for so long is given up, and the query on it fails. The other side may be
   * gone without a word; a query that takes longer than this belongs into a migration. 0 waits for ever.
   */
  readonly silenceMs?: number;
  /** Receives what the driver has to say of broken connections. */
  readonly warn?: (message: string) => void;
}

/** The database as services and requests see it. Nothing reaches the tables but through one of the two doors below. */
export class Database {
  readonly #orm: MikroORM;
  readonly #pool: Pool;

  constructor(orm: MikroORM, pool: Pool) {
    this.#orm = orm;
    this.#pool = pool;
  }

  /** The door of services, which work for all tenants. Each call is one transaction with an entity manager of its own. */
  async transaction<Result>(
    work: (transaction: Transaction, em: EntityManager) => Promise<Result>,
  ): Promise<Result> {
    const fork = this.#orm.em.fork();
    fork.setFilterParams('tenant', { tenant: undefined });
    return fork.transactional((em) => work(transactionOf(em.getKysely<unknown>()), em as EntityManager), {
      clear: true,
    });
  }

  /** The same for packages that know no entities: a port of one method. */
  readonly run = <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> =>
    this.transaction((transaction) => work(transaction));

  /** The same for whoever brings rows by the thousand: one transaction on a connection of the same pool, which takes COPY. */
  async copying<Result>(work: (transaction: CopyingTransaction) => Promise<Result>): Promise<Result> {
    return runCopying(this.#pool, work);
  }

  /**
   * The door of requests. Two walls stand behind it: the entity manager filters by tenant, and the transaction runs
   * under a role to which row-level security shows that tenant's rows only, whatever statement reaches it.
   */
  async forTenant<Result>(
    tenant: TenantId,
    work: (em: EntityManager, transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const fork = this.#orm.em.fork();
    fork.setFilterParams('tenant', { tenant });
    fork.setSessionContext({ role: tenantRole, variables: { [tenantSetting]: tenant } });
    return fork.transactional((em) => work(em as EntityManager, transactionOf(em.getKysely<unknown>())), {
      clear: true,
      readOnly: true,
    });
  }

  /** Proves that the database answers; a pool connects only when it is first asked for something. */
  async ping(): Promise<void> {
    await this.#orm.em.fork().getKysely<unknown>().executeQuery(CompiledQuery.raw('select 1'));
  }

  get orm(): MikroORM {
    return this.#orm;
  }

  async close(): Promise<void> {
    await this.#orm.close(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = openPool(options);
  const orm = await MikroORM.init({
    clientUrl: options.url,
    entities: [...entities],
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: migrationTable, snapshot: false, silent: true },
    sessionContext: 'transaction',
    discovery: { warnWhenNoEntities: false },
    // A wrong address must be told, and not answered by making a database of that name.
    ensureDatabase: false,
    driverOptions: steadfastDialect(pool),
    logger: (message) => options.warn?.(message),
    colors: false,
  });
  return new Database(orm, pool);
}
