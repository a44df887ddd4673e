import { integer, redisSettings, setting, text, url } from '@trunkline/service-kit';

/** What every worker on the streams must be told. */
export const ingestSettings = {
  ...redisSettings,
  stores: {
    databaseUrl: setting({
      variable: 'DATABASE_URL',
      schema: url(['postgresql', 'postgres']),
      secret: true,
      explain: 'Where PostgreSQL is.',
      example: 'postgresql://trunkline:password@localhost:5432/trunkline',
    }),
    prefix: setting({
      variable: 'TRUNKLINE_REDIS_PREFIX',
      schema: text({ max: 80 }),
      default: { value: 'trunkline', because: 'several systems may share a Redis in development' },
      explain: 'What all keys in Redis begin with. Must be the same for all services of an installation.',
      example: 'trunkline',
    }),
    shards: setting({
      variable: 'TRUNKLINE_STREAM_SHARDS',
      schema: integer({ min: 1, max: 1_024 }),
      default: { value: '8', because: 'enough for several workers, few enough to look at' },
      explain: 'How many event streams there are. Must be the same for all services, and stay the same.',
      example: '8',
    }),
  },
  feed: {
    entriesMax: setting({
      variable: 'TRUNKLINE_FEED_ENTRIES',
      schema: integer({ min: 10, max: 1_000_000 }),
      default: { value: '1000', because: 'a client that missed more is quicker with a snapshot' },
      explain: "How many messages a tenant's feed keeps for clients that were away for a moment.",
      example: '1000',
    }),
  },
};
