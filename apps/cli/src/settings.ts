import { duration, integer, redisSettings, setting, text, url } from '@trunkline/service-kit';

/** What the CLI reads from the environment. The names are those of the services, so one file serves both. */
export const cliSettings = {
  ...redisSettings,
  database: {
    url: setting({
      variable: 'DATABASE_URL',
      schema: url(['postgresql', 'postgres']),
      secret: true,
      explain: 'Where PostgreSQL is.',
      example: 'postgresql://trunkline:password@localhost:5432/trunkline',
    }),
  },
  streams: {
    prefix: setting({
      variable: 'TRUNKLINE_REDIS_PREFIX',
      schema: text({ max: 60 }),
      default: { value: 'trunkline', because: 'one system has a Redis to itself most of the time' },
      explain: 'What every key in Redis begins with.',
      example: 'staging',
    }),
    shards: setting({
      variable: 'TRUNKLINE_STREAM_SHARDS',
      schema: integer({ min: 1, max: 1_024 }),
      default: { value: '8', because: 'enough for several workers, few enough to look at' },
      explain: 'How many event streams there are. Must be the same for all services, and stay the same.',
      example: '8',
    }),
  },
  stuckCalls: {
    answeredMs: setting({
      variable: 'TRUNKLINE_STUCK_CALLS_TIMEOUT',
      schema: duration({ min: '1m', max: '30d' }),
      default: { value: '30m', because: 'few calls last longer, and the PBX is asked before one is ended' },
      explain: 'How long an answered call may go on before the PBX is asked whether it is still there.',
      example: '45m',
    }),
    unansweredMs: setting({
      variable: 'TRUNKLINE_STUCK_CALLS_RINGING_TIMEOUT',
      schema: duration({ min: '1m', max: '30d' }),
      default: { value: '30m', because: 'callers wait in queues for long' },
      explain: 'The same for a call that nobody has answered.',
      example: '10m',
    }),
    unknownMs: setting({
      variable: 'TRUNKLINE_STUCK_CALLS_UNKNOWN_TIMEOUT',
      schema: duration({ min: '1m', max: '30d' }),
      default: { value: '1d', because: 'no PBX is out of reach for so long without somebody knowing' },
      explain: 'The second, longer limit: when a call is ended of which the PBX can’t be asked.',
      example: '12h',
    }),
    answerMs: setting({
      variable: 'TRUNKLINE_STUCK_CALLS_ANSWER',
      schema: duration({ min: '100ms', max: '1m' }),
      default: { value: '5s', because: 'appliances are slow when busy' },
      explain: 'How long a PBX may take to say whether a call is alive; after that it counts as unknown.',
      example: '5s',
    }),
  },
  pbx: {
    credentialsDirectory: setting({
      variable: 'TRUNKLINE_CREDENTIALS_DIR',
      schema: text(),
      optional: true,
      explain: 'A folder that holds a folder for each credential, with the files username and password.',
      example: '/run/secrets/trunkline',
    }),
    egress: setting({
      variable: 'TRUNKLINE_EGRESS',
      schema: text({ max: 100 }),
      default: { value: 'default', because: 'most fleets leave by one address' },
      explain: 'The name of the address by which this process reaches PBXs: they block addresses.',
      example: 'nat-frankfurt',
    }),
    checkWithinMs: setting({
      variable: 'TRUNKLINE_CHECK_WITHIN',
      schema: duration({ min: '1s', max: '5m' }),
      default: { value: '20s', because: 'a person waits for it' },
      explain: 'How long `pbx add` tries to reach a PBX.',
      example: '60s',
    }),
  },
};
