import * as v from 'valibot';
import type { TextSchema } from '../settings/setting.ts';
import { parseRedisUrl, RedisUrlError, type RedisTarget } from './redis-target.ts';

/** REDIS_URL as a setting: the address of a server, of sentinels or of a cluster. */
export function redisUrl(): TextSchema<RedisTarget> {
  return v.pipe(
    v.string(),
    v.description('a Redis URL: redis://, redis+sentinel://, redis+cluster://, or rediss… for TLS'),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parseRedisUrl(dataset.value.trim());
      } catch (error) {
        if (!(error instanceof RedisUrlError)) throw error;
        addIssue({ message: error.problem });
        return NEVER;
      }
    }),
  );
}
