import { Cluster } from 'ioredis';
import { withDeadline } from '../primitives/with-deadline.ts';
import type { RedisConnection } from './open-connection.ts';
import type { PurposeName } from './redis-purposes.ts';

/**
 * Ends one connection, at the latest after `withinMs`, and never throws: teardown is best effort.
 *
 * What faces callers gets a QUIT, so that the answers still under way arrive. A blocked read would hold the QUIT
 * back and a subscriber owes nobody an answer; these are cut, as is what serves a purpose we don't know. A
 * connection that isn't ready has nobody to say QUIT to.
 */
export async function closeConnection(
  connection: RedisConnection,
  purpose: PurposeName,
  withinMs: number,
): Promise<void> {
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => void connection.once('end', resolve)).then(() => {
    hasEnded = true;
  });
  const mayAnswer = purpose === 'commands' || purpose === 'bullmq producer';
  if (mayAnswer && connection.status === 'ready') {
    await settled(withDeadline(connection.quit(), withinMs / 2, 'QUIT'));
  }
  // Not read from the status: a cluster that has ended may say `close` again when its last node goes.
  if (hasEnded) return;
  if (isBetweenAttempts(connection)) await endBetweenAttempts(connection, withinMs / 4);
  connection.disconnect();
  await settled(withDeadline(ended, withinMs / 4, 'closing a Redis connection'));
}

/**
 * Between two attempts a disconnect only stops the timer: there is no `end`, and what waits in the offline queue never
 * settles. A last attempt ends properly: broken off at once on one server, and on a cluster (which can't be broken
 * off) by failing, because the retry strategy grants no further one while the registry closes.
 */
async function endBetweenAttempts(connection: RedisConnection, withinMs: number): Promise<void> {
  const attempt = settled(connection.connect());
  if (connection instanceof Cluster) await settled(withDeadline(attempt, withinMs, 'a last attempt'));
}

/** A cluster whose nodes go one by one falls back from `reconnecting` to `close`, with its timer still running. */
function isBetweenAttempts({ status }: RedisConnection): boolean {
  return status === 'reconnecting' || status === 'close';
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}
