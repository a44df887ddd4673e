export { assert, InvariantError } from './primitives/assert.ts';
export { assertNever } from './primitives/assert-never.ts';
export { monotonicNow, type MonotonicNow, type Random } from './primitives/clock.ts';
export { fullJitterDelay, type BackoffOptions } from './primitives/full-jitter-delay.ts';
export { sleep, SLEEP_MS_MAX, type Sleep } from './primitives/sleep.ts';
export { DeadlineError, withDeadline } from './primitives/with-deadline.ts';

export {
  createLogger,
  LOG_LEVELS,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logs/create-logger.ts';
export { describeError, type ErrorDescription } from './logs/describe-error.ts';
export { redactJson } from './logs/redact-json.ts';
export { redactPhoneField } from './logs/redact-phone-numbers.ts';
export { redactText, type RedactionOptions } from './logs/redact-line.ts';

export { BYTES_BUCKETS, COUNT_BUCKETS, DURATION_BUCKETS_SECONDS } from './metrics/buckets.ts';
export {
  createMetrics,
  serviceMetrics,
  type Counter,
  type Gauge,
  type GaugeOptions,
  type Histogram,
  type HistogramOptions,
  type MetricOptions,
  type Metrics,
} from './metrics/create-metrics.ts';
export {
  defineMetrics,
  knownCombinations,
  type MetricCatalogue,
  type MetricDefinition,
  type MetricsOf,
} from './metrics/define-metrics.ts';
export { type MetricKind } from './metrics/metric-name.ts';

export {
  createRedisConnections,
  type RedisConnections,
  type RedisConnectionsOptions,
} from './redis/create-redis-connections.ts';
export { type RedisConnection } from './redis/open-connection.ts';
export { type OpenOptions, type PurposeName, type RedisPurpose } from './redis/redis-purposes.ts';
export {
  parseRedisUrl,
  RedisUrlError,
  type RedisAddress,
  type RedisCluster,
  type RedisTarget,
  type StandaloneRedis,
} from './redis/redis-target.ts';

export { redisUrl } from './redis/redis-url-schema.ts';

export { describeSettings, type SettingDescription } from './settings/describe-settings.ts';
export { type Environment } from './settings/read-setting.ts';
export { readSettings, type ReadSettingsOptions } from './settings/read-settings.ts';
export {
  boolean,
  decimal,
  duration,
  integer,
  list,
  oneOf,
  port,
  text,
  url,
  type Bounds,
  type DurationBounds,
  type TextBounds,
} from './settings/schemas.ts';
export {
  setting,
  type Setting,
  type SettingDefault,
  type Settings,
  type SettingsMap,
  type TextSchema,
} from './settings/setting.ts';
export { SettingsError, type SettingProblem } from './settings/settings-error.ts';
export { findUnknownVariables, variablesOf, type UnknownVariable } from './settings/unknown-variables.ts';

export {
  createHealth,
  type Health,
  type HealthPhase,
  type Liveness,
  type Readiness,
} from './health/create-health.ts';
export { type Heartbeat, type LoopReport } from './health/heartbeats.ts';
export { type CheckReport, type ReadinessCheck } from './health/readiness-checks.ts';

export { OPERATIONS_PATHS } from './operations/operations-routes.ts';
export {
  startOperationsServer,
  type OperationsServer,
  type OperationsServerOptions,
} from './operations/start-operations-server.ts';

export {
  currentTraceparent,
  isTracing,
  linkFrom,
  recordSpan,
  withSpan,
  type WorkSpanOptions,
} from './tracing/spans.ts';
export { traceIdOf } from './tracing/trace-id.ts';
export { startTracing, type Tracing, type TracingOptions } from './tracing/start-tracing.ts';

export {
  attachToProcess,
  type AttachOptions,
  type ProcessAttachment,
} from './lifecycle/attach-to-process.ts';
export {
  createShutdown,
  SHUTDOWN_PHASES,
  STEP_BUDGET_MS,
  type Shutdown,
  type ShutdownOptions,
  type ShutdownOutcome,
  type ShutdownPhase,
} from './lifecycle/create-shutdown.ts';
export { endWhenIdle } from './lifecycle/exit-process.ts';
export { repeat, type RepeatOptions } from './lifecycle/repeat.ts';
export { runService, type RunServiceOptions, type Service } from './lifecycle/run-service.ts';
export { type StepReport } from './lifecycle/run-stop-step.ts';
export {
  redisSettings,
  serviceSettings,
  storeSettings,
  type ServiceSettings,
} from './lifecycle/service-settings.ts';
export { watchParent, type ParentLink } from './lifecycle/watch-parent.ts';
