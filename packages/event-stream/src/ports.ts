import type { RedisConnections } from '@trunkline/service-kit';

/** What this room needs of a PostgreSQL transaction: `$1`-style parameters, rows as plain objects. */
export interface SqlTransaction {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/**
 * Runs `work` in one READ COMMITTED transaction: commits when it resolves, rolls back and rejects with its error when
 * it throws. A rejected commit may have been carried out all the same; the consumer reads its offset again to find out.
 */
export interface Transactions<Tx extends SqlTransaction> {
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Opens connections; this room ends its own. */
export type RedisOpener = Pick<RedisConnections, 'open' | 'whenReady'>;

/** Where an event stands: known even where its payload can't be read. */
export interface EventPlace {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly type: string;
}

/** Turns payloads into text and back. `decode` throws at what it can't read: the entry is then a dead letter. */
export interface PayloadCodec<Payload> {
  encode(type: string, payload: Payload): string;
  decode(text: string, place: EventPlace): Payload;
}
