export const REDIS_URL_EXAMPLES = [
  'redis://:password@localhost:6379/0',
  'rediss://user:password@redis.example.com:6380',
  'redis+cluster://node-1:6379,node-2:6379',
  'redis+sentinel://:password@sentinel-1:26379,sentinel-2:26379/mymaster',
] as const;
