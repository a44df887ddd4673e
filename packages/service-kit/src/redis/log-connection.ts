import type { Logger } from '../logs/create-logger.ts';
import type { MonotonicNow } from '../primitives/clock.ts';
import type { RedisConnection } from './open-connection.ts';

/** A broken or flapping link fails many times a second; one line in this time tells it, with the number left out. */
const LOG_EVERY_MS = 10_000;

/**
 * Listens to a connection's errors, without which ioredis writes them to the console, and says when the
 * link is lost and when it is back. Never throws and never ends the connection: retrying is its own business.
 */
export function logConnection(
  connection: RedisConnection,
  logger: Logger,
  now: MonotonicNow,
  isClosing: () => boolean,
): void {
  let loggedAt = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  let lostAt: number | undefined;
  let lossIsKnown = false;

  function onError(error: unknown): void {
    if (isClosing()) return;
    lostAt ??= now();
    if (now() - loggedAt < LOG_EVERY_MS) {
      leftOut += 1;
      return;
    }
    logger.warn({ err: error, leftOut }, 'a Redis connection failed, retrying');
    loggedAt = now();
    lossIsKnown = true;
    leftOut = 0;
  }

  function onReady(): void {
    const awayMs = Math.round(now() - (lostAt ?? now()));
    if (lossIsKnown) logger.info({ awayMs, leftOut }, 'a Redis connection is back');
    lossIsKnown = false;
    lostAt = undefined;
  }

  connection.on('error', onError);
  connection.on('node error', onError);
  connection.on('close', () => {
    lostAt ??= now();
  });
  connection.on('ready', onReady);
}
