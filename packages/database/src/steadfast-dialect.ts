import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { createPostgreSqlTypeParsers } from '@mikro-orm/sql';
import {
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type Driver,
  type TransactionSettings,
} from 'kysely';
import { Pool, TypeOverrides } from 'pg';
import { parse } from 'postgres-array';
import type { DatabaseOptions } from './database.ts';
import { sessionOptions } from './session-options.ts';

const connectionsMaxDefault = 10;
const connectionTimeoutMs = 10_000;
const silenceMsDefault = 30_000;

/**
 * PostgreSQL for Kysely and MikroORM with connections that may die at any moment. What the stock parts do not do: give
 * a connection back to the pool when its transaction could not even begin or be rolled back, without which every session
 * that the server ends costs a place in the pool for ever; and let go of a connection on which the other side has fallen
 * silent, without which a half-open one is waited for as long as the kernel likes; and close while somebody begins.
 */
export const steadfastDialect = (pool: Pool): PostgresDialect => new SteadfastDialect({ pool });

class SteadfastDialect extends PostgresDialect {
  readonly #pool: Pool;

  constructor({ pool }: { pool: Pool }) {
    super({ pool });
    this.#pool = pool;
  }

  override createDriver(): Driver {
    return new SteadfastDriver({ pool: this.#pool });
  }
}

class SteadfastDriver extends PostgresDriver {
  readonly #acquiring = new Set<Promise<DatabaseConnection>>();

  override async acquireConnection(
    ...options: Parameters<PostgresDriver['acquireConnection']>
  ): Promise<DatabaseConnection> {
    const acquiring = super.acquireConnection(...options);
    this.#acquiring.add(acquiring);
    try {
      return await acquiring;
    } finally {
      this.#acquiring.delete(acquiring);
    }
  }

  /** The stock driver forgets its pool first; a connection that is handed out after that is lost, and the end waits for it. */
  override async destroy(): Promise<void> {
    while (this.#acquiring.size > 0) await Promise.allSettled(this.#acquiring);
    await super.destroy();
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    try {
      await super.beginTransaction(connection, settings);
    } catch (error) {
      await this.releaseConnection(connection as Parameters<PostgresDriver['releaseConnection']>[0]);
      throw error;
    }
  }

  /** Where the connection is gone, so is its transaction; the pool discards it when it is released. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

export function openPool(options: DatabaseOptions): Pool {
  const {
    url,
    applicationName,
    connectionsMax = connectionsMaxDefault,
    silenceMs = silenceMsDefault,
  } = options;
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: connectionsMax,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    options: sessionOptions,
    types: typesForMikroOrm(),
  });
  const warn = (error: Error): void => options.warn?.(`a connection to PostgreSQL broke: ${error.message}`);
  pool.on('error', warn);
  // A client that is checked out between two statements hears of its end by this event only.
  pool.on('connect', (client) => {
    client.on('error', warn);
    giveUpWhenSilent(client as unknown as PgClient, silenceMs);
  });
  // Silence is normal on a connection that nobody uses; the pool closes it when it has rested for long.
  pool.on('release', (_error, client) => streamOf(client).setTimeout(0));
  pool.on('acquire', (client) => streamOf(client).setTimeout(silenceMs));
  return pool;
}

/** The part of a client that its types leave out. */
interface PgClient extends EventEmitter {
  readonly connection: { readonly stream: Socket };
}

const streamOf = (client: unknown): Socket => (client as PgClient).connection.stream;

/** The driver's own limit fails the query but keeps the connection; a half-open one must go. */
function giveUpWhenSilent({ connection: { stream } }: PgClient, silenceMs: number): void {
  stream.setTimeout(silenceMs, () =>
    stream.destroy(new Error(`nothing came from PostgreSQL for ${silenceMs} ms`)),
  );
}

/** MikroORM reads dates and times from text itself, in UTC. */
function typesForMikroOrm(): TypeOverrides {
  const types = new TypeOverrides();
  for (const [oid, parser] of Object.entries(createPostgreSqlTypeParsers((text: string) => parse(text)))) {
    types.setTypeParser(Number(oid), parser);
  }
  return types;
}
