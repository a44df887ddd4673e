import { createHash } from 'node:crypto';
import { withDeadline, type Logger, type RedisConnection } from '@trunkline/service-kit';

export interface RateLimiterOptions {
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly logger: Logger;
  readonly now?: () => number;
}

export interface RateLimit {
  /** What is counted apart: `user`, `address`. */
  readonly kind: string;
  readonly who: string;
  readonly perMinuteMax: number;
}

export interface RateLimiter {
  /** Counts one more. Gives how long to wait where it was one too many, else 0. */
  take(limit: RateLimit): Promise<number>;
}

const windowMs = 60_000;

/** A request waits no longer than this for its own limit; then this process counts by itself. */
const answerMs = 250;

/** While Redis is away each process counts alone. More names than this are not remembered, the oldest goes. */
const rememberedMax = 10_000;

/**
 * Counts requests by the minute, in Redis so that all replicas count together, else here. A limit protects the others: it
 * must not itself be a reason to turn anybody away when Redis is away.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { connection, prefix, logger, now = Date.now } = options;
  const local = new Map<string, number>();
  let isAlone = false;

  async function countTogether(key: string): Promise<number> {
    const counting = connection
      .multi()
      .incr(key)
      .pexpire(key, 2 * windowMs)
      .exec();
    const results = await withDeadline(counting, answerMs, 'counting a request');
    const [error, count] = results?.[0] ?? [new Error('nothing was counted'), 0];
    if (error !== null) throw error;
    return Number(count);
  }

  function countAlone(key: string): number {
    const count = (local.get(key) ?? 0) + 1;
    local.set(key, count);
    const [oldest] = local.keys();
    if (local.size > rememberedMax && oldest !== undefined) local.delete(oldest);
    return count;
  }

  async function count(key: string): Promise<number> {
    try {
      const counted = await countTogether(key);
      if (isAlone) logger.info('requests are counted together with the other replicas again');
      isAlone = false;
      return counted;
    } catch (error) {
      if (!isAlone)
        logger.warn({ err: error }, 'Redis does not count requests; each replica counts by itself');
      isAlone = true;
      return countAlone(key);
    }
  }

  return {
    async take({ kind, who, perMinuteMax }) {
      const at = now();
      const window = Math.floor(at / windowMs);
      const name = createHash('sha256').update(who).digest('base64url');
      const counted = await count(`${prefix}:api:rate:${kind}:{${name}}:${window}`);
      return counted > perMinuteMax ? (window + 1) * windowMs - at : 0;
    },
  };
}
