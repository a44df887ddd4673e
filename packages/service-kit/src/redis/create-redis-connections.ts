import type { Logger } from '../logs/create-logger.ts';
import { assert } from '../primitives/assert.ts';
import { monotonicNow, type MonotonicNow, type Random } from '../primitives/clock.ts';
import { withDeadline } from '../primitives/with-deadline.ts';
import { nodesSettled } from './cluster-nodes.ts';
import { closeConnection } from './close-connection.ts';
import { logConnection } from './log-connection.ts';
import { openConnection, type RedisConnection } from './open-connection.ts';
import type { OpenOptions, PurposeName } from './redis-purposes.ts';
import { parseRedisUrl, type RedisTarget } from './redis-target.ts';

export interface RedisConnectionsOptions {
  /** A URL (see parseRedisUrl) or what `redisUrl()` made of one. */
  readonly url: string | RedisTarget;
  readonly logger: Logger;
  /** The service, for CLIENT LIST. */
  readonly name: string;
  readonly random?: Random;
  readonly now?: MonotonicNow;
}

export interface RedisConnections extends AsyncDisposable {
  readonly target: RedisTarget;
  /** How many are open, duplicates included. */
  readonly size: number;
  /** Opens one more. It connects on its own and reconnects for as long as it lives. */
  open(purpose: PurposeName, options?: OpenOptions): RedisConnection;
  /** Waits until a connection takes commands; `commands` and readers refuse them before. */
  whenReady(connection: RedisConnection, withinMs?: number): Promise<void>;
  /** Ends one, within `withinMs`. */
  close(connection: RedisConnection, withinMs?: number): Promise<void>;
  /** Ends all of them, within `withinMs`. May be called again; nothing can be opened afterwards. */
  closeAll(withinMs?: number): Promise<void>;
}

const READY_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;
const ENDED = 'the Redis connection was closed before it was ready';

/**
 * The one place that opens connections to Redis, because a single forgotten one keeps a process alive for ever.
 *
 * Duplicates count too: libraries such as BullMQ make them of what they are given and close them only if all goes
 * well. A connection that ends by itself leaves the registry.
 */
export function createRedisConnections(options: RedisConnectionsOptions): RedisConnections {
  const { name, random = Math.random, now = monotonicNow } = options;
  const logger = options.logger.child({ part: 'redis' });
  const target = typeof options.url === 'string' ? parseRedisUrl(options.url) : options.url;
  const open = new Map<RedisConnection, PurposeName>();
  let closing: Promise<void> | undefined;

  const isClosing = (): boolean => closing !== undefined;

  function register(connection: RedisConnection, purpose: PurposeName): void {
    open.set(connection, purpose);
    connection.once('end', () => open.delete(connection));
    logConnection(connection, logger.child({ purpose }), now, isClosing);
    registerDuplicates(connection, (duplicate) => register(duplicate, purpose));
    if (closing !== undefined) connection.disconnect();
  }

  async function close(connection: RedisConnection, withinMs = CLOSE_WITHIN_MS): Promise<void> {
    const purpose = open.get(connection);
    if (purpose === undefined) return;
    await closeConnection(connection, purpose, withinMs);
    open.delete(connection);
  }

  const connections: RedisConnections = {
    target,
    get size() {
      return open.size;
    },
    open(purpose, openOptions = {}) {
      assert(closing === undefined, 'no Redis connection is opened after closeAll');
      const connectionName = `${name}:${purpose.replaceAll(' ', '-')}`;
      const connection = openConnection({
        target,
        purpose,
        connectionName,
        random,
        options: openOptions,
        isClosing,
      });
      register(connection, purpose);
      return connection;
    },
    async whenReady(connection, withinMs = READY_WITHIN_MS) {
      if (!open.has(connection)) throw new Error(ENDED);
      const ready = new AbortController();
      try {
        await withDeadline(untilReady(connection, ready.signal), withinMs, 'connecting to Redis');
      } finally {
        ready.abort();
      }
    },
    close,
    closeAll(withinMs = CLOSE_WITHIN_MS) {
      closing ??= Promise.all([...open.keys()].map((connection) => close(connection, withinMs))).then(
        () => undefined,
      );
      return closing;
    },
    [Symbol.asyncDispose]: () => connections.closeAll(),
  };
  return connections;
}

/** Not `events.once(connection, 'ready')` alone: that rejects at the first error, and a retry may yet succeed. */
async function untilReady(connection: RedisConnection, signal: AbortSignal): Promise<void> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const onEnd = (): void => reject(new Error(ENDED));
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  if (connection.status === 'ready') resolve();
  else connection.once('ready', resolve);
  connection.once('end', onEnd);
  signal.addEventListener('abort', () => {
    connection.off('ready', resolve);
    connection.off('end', onEnd);
  });
  await Promise.race([ready.then(() => nodesSettled(connection)), ended]);
}

/** Both classes offer `duplicate`, with different parameters that are none of our business: we pass them through. */
function registerDuplicates(
  connection: RedisConnection,
  onDuplicate: (duplicate: RedisConnection) => void,
): void {
  const original = connection.duplicate.bind(connection) as (...parameters: unknown[]) => RedisConnection;
  const duplicate = (...parameters: unknown[]): RedisConnection => {
    const made = original(...parameters);
    onDuplicate(made);
    return made;
  };
  Object.defineProperty(connection, 'duplicate', { value: duplicate, configurable: true });
}
