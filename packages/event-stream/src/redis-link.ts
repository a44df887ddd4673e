import { withDeadline } from '@trunkline/service-kit';
import type { OpenOptions, RedisConnection, RedisPurpose } from '@trunkline/service-kit';
import type { RedisOpener } from './ports.ts';

/**
 * One connection with a deadline on everything. A command waits until the connection is ready, and no longer than
 * `timeoutMs`; so does its answer. When even that passes by, the connection is thrown away and the next command opens a new
 * one: a socket, a client or a cluster's idea of itself may be half dead in ways that only this answers.
 */
export class RedisLink {
  readonly #opener: RedisOpener;
  readonly #purpose: RedisPurpose;
  readonly #timeoutMs: number;
  readonly #options: OpenOptions;
  #connection: RedisConnection | null = null;
  #ready: Promise<void> | null = null;
  #closed = false;

  constructor(opener: RedisOpener, purpose: RedisPurpose, timeoutMs: number, options: OpenOptions = {}) {
    this.#opener = opener;
    this.#purpose = purpose;
    this.#timeoutMs = timeoutMs;
    this.#options = options;
  }

  /** Connects early, so that the first command need not wait. */
  open(): void {
    this.#connect();
  }

  async run<T>(what: string, command: (connection: RedisConnection) => Promise<T>): Promise<T> {
    const connection = this.#connect();
    if (connection.status !== 'ready') await this.#untilReady(connection);
    try {
      return await withDeadline(command(connection), this.#timeoutMs, what);
    } catch (error) {
      if (error instanceof Error && error.name === 'DeadlineError') this.#discard(connection);
      throw error;
    }
  }

  /** Ends the connection, and with it whatever waits on it. */
  close(): void {
    this.#closed = true;
    if (this.#connection !== null) this.#discard(this.#connection);
  }

  #connect(): RedisConnection {
    if (this.#closed) throw new Error('this connection was closed on purpose');
    // Somebody else may have ended it, as a registry does that closes all.
    if (this.#connection?.status === 'end') this.#connection = null;
    this.#connection ??= this.#opener.open(this.#purpose, this.#options);
    return this.#connection;
  }

  /** Many may wait for the same connection; it is asked once. */
  async #untilReady(connection: RedisConnection): Promise<void> {
    this.#ready ??= this.#opener.whenReady(connection, this.#timeoutMs).finally(() => {
      this.#ready = null;
    });
    await this.#ready;
  }

  #discard(connection: RedisConnection): void {
    if (this.#connection === connection) this.#connection = null;
    connection.disconnect();
  }
}
