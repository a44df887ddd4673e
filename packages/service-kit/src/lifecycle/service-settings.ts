import { LOG_LEVELS } from '../logs/create-logger.ts';
import { redisUrl } from '../redis/redis-url-schema.ts';
import { boolean, decimal, duration, integer, oneOf, port, text, url } from '../settings/schemas.ts';
import { setting, type Settings } from '../settings/setting.ts';

/** What every service lets an operator set. */
export const serviceSettings = {
  log: {
    level: setting({
      variable: 'TRUNKLINE_LOG_LEVEL',
      schema: oneOf(LOG_LEVELS),
      default: {
        value: 'info',
        because: 'it tells what happens to links, shards and jobs, and nothing a call',
      },
      explain: 'How much is logged. At debug every batch leaves a line.',
      example: 'debug',
    }),
    redactPhoneNumbers: setting({
      variable: 'TRUNKLINE_LOG_REDACT_PHONE_NUMBERS',
      schema: boolean(),
      default: { value: 'true', because: 'logs travel further than the database and are kept by others' },
      explain:
        'Masks phone numbers in logs and traces but for their last digits. Secrets are always removed.',
      example: 'false',
    }),
  },
  operations: {
    host: setting({
      variable: 'TRUNKLINE_OPERATIONS_HOST',
      schema: text(),
      default: { value: '127.0.0.1', because: 'it knows no login; a deployment opens it to its own network' },
      explain: 'The address on which /livez, /readyz and /metrics are served; 0.0.0.0 in a container.',
      example: '0.0.0.0',
    }),
    port: setting({
      variable: 'TRUNKLINE_OPERATIONS_PORT',
      schema: port(),
      default: {
        value: '0',
        because: 'several services run on one machine in development; the log says the port',
      },
      explain: 'The port of /livez, /readyz and /metrics. 0 takes any free one.',
      example: '9464',
    }),
  },
  tracing: {
    endpoint: setting({
      variable: 'TRUNKLINE_TRACING_ENDPOINT',
      schema: url(['http', 'https']),
      optional: true,
      explain: 'The base URL of an OpenTelemetry collector (OTLP over HTTP), to which spans are sent.',
      example: 'http://collector:4318',
    }),
    log: setting({
      variable: 'TRUNKLINE_TRACING_LOG',
      schema: boolean(),
      default: { value: 'false', because: 'it writes several lines for each event of a call' },
      explain:
        'Writes each finished span as a line of the log: a call is followed by its traceId without a collector. With neither this nor an endpoint, tracing is off and costs nothing.',
      example: 'true',
    }),
    sampleRatio: setting({
      variable: 'TRUNKLINE_TRACING_SAMPLE_RATIO',
      schema: decimal({ min: 0, max: 1 }),
      default: {
        value: '1',
        because: 'whoever switches tracing on wants to see something; a busy fleet lowers it',
      },
      explain: 'The share of new traces that is recorded.',
      example: '0.05',
    }),
  },
  lifecycle: {
    stopBudgetMs: setting({
      variable: 'TRUNKLINE_STOP_BUDGET',
      schema: duration({ min: '1s', max: '10m' }),
      default: { value: '20s', because: 'Kubernetes kills after 30 s, and a preStop hook takes its share' },
      explain: 'The longest a graceful stop may take; then the process exits by force with code 1.',
      example: '45s',
    }),
    stopWithParent: setting({
      variable: 'TRUNKLINE_STOP_WITH_PARENT',
      schema: oneOf(['never', 'ipc', 'stdin']),
      default: { value: 'never', because: 'in a container nobody holds the other end' },
      explain:
        'Stops the service when the launcher that started it is gone, known by its IPC channel or by the pipe it holds to standard input.',
      example: 'ipc',
    }),
  },
};

export type ServiceSettings = Settings<typeof serviceSettings>;

/** For services that use Redis. */
export const redisSettings = {
  redis: {
    target: setting({
      variable: 'REDIS_URL',
      schema: redisUrl(),
      secret: true,
      explain:
        'Where Redis is. rediss:// uses TLS; redis+cluster:// and rediss+cluster:// take some nodes of a cluster, separated by commas, and find the others; redis+sentinel:// takes sentinels and the name of what they watch.',
      example: 'redis://:password@localhost:6379/0',
    }),
  },
};

/** For services that use both stores and the streams between them. */
export const storeSettings = {
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
};
