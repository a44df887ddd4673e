import { withDeadline, type RedisConnection } from '@trunkline/service-kit';

/** Milliseconds since 1970 by the clock of Redis, which sender and receiver share. */
export async function redisTime(connection: RedisConnection, withinMs: number): Promise<number> {
  const [seconds, microseconds] = await withDeadline(
    connection.time(),
    withinMs,
    'asking Redis for the time',
  );
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
