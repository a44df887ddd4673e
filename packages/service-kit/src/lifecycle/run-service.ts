import { createHealth, type Health } from '../health/create-health.ts';
import { createLogger, type Logger } from '../logs/create-logger.ts';
import { redactText } from '../logs/redact-line.ts';
import { createMetrics, type Metrics } from '../metrics/create-metrics.ts';
import { startOperationsServer } from '../operations/start-operations-server.ts';
import { assert } from '../primitives/assert.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Environment } from '../settings/read-setting.ts';
import type { Settings, SettingsMap } from '../settings/setting.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import { attachToProcess, type ProcessAttachment } from './attach-to-process.ts';
import { createShutdown, type Shutdown } from './create-shutdown.ts';
import { serviceSettings, type ServiceSettings } from './service-settings.ts';
import { watchParent } from './watch-parent.ts';

/** What a service is handed when it starts. */
export interface Service<Map extends SettingsMap> {
  readonly name: string;
  readonly settings: ServiceSettings & Settings<Map>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Where it says how its parts are stopped. */
  readonly shutdown: Shutdown;
  /** The address of /livez, /readyz and /metrics. */
  readonly operationsUrl: string;
}

export interface RunServiceOptions<Map extends SettingsMap> {
  readonly name: string;
  /** The service's own settings; those of every service come on top. */
  readonly settings: Map;
  /** Starts everything and resolves when it serves. Each part it starts is added to `shutdown` at once. */
  readonly start: (service: Service<Map>) => void | Promise<void>;
  /** Variables that other services read from the same environment, so that they aren't called unknown. */
  readonly alsoKnown?: readonly string[];
  readonly env?: Environment;
}

/**
 * The main of every service: settings, logs, metrics, health, traces and the graceful stop around `start`.
 * Returns when the service has started, or has failed to and is stopping. The process ends by itself.
 */
export async function runService<Map extends SettingsMap>(options: RunServiceOptions<Map>): Promise<void> {
  const warnings: string[] = [];
  const settings = settingsOrExplain(options, (warning) => warnings.push(warning));
  if (settings === undefined) return;

  const { name } = options;
  const { level, redactPhoneNumbers } = settings.log;
  const logger = createLogger({ name, level, redactPhoneNumbers });
  for (const warning of warnings) logger.warn(warning);

  const health = createHealth();
  const shutdown = createShutdown({ logger, health, budgetMs: settings.lifecycle.stopBudgetMs });
  const attachment = attachToProcess({ shutdown, logger });
  try {
    const starting = startAll(options, { name, settings, logger, health, shutdown }, attachment);
    shutdown.add('start', 'starting', () => Promise.allSettled([starting]));
    await starting;
  } catch (error) {
    if (shutdown.signal.aborted) logger.info({ err: error }, 'the start was broken off');
    else logger.fatal({ err: error }, 'could not start');
    attachment.stop('could not start', shutdown.signal.aborted ? 0 : 1);
  }
}

/** No logger exists yet, and the message is for a person: plain text, once, on standard error. */
function settingsOrExplain<Map extends SettingsMap>(
  { settings, env, alsoKnown = [] }: RunServiceOptions<Map>,
  warn: (message: string) => void,
): (ServiceSettings & Settings<Map>) | undefined {
  try {
    const clashing = Object.keys(settings).filter((part) => part in serviceSettings);
    assert(clashing.length === 0, `every service has the parts ${clashing.join(', ')} already`);
    const all: typeof serviceSettings & Map = { ...settings, ...serviceSettings };
    return readSettings(all, env, { warn, alsoKnown });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

async function startAll<Map extends SettingsMap>(
  { start }: RunServiceOptions<Map>,
  parts: Omit<Service<Map>, 'metrics' | 'operationsUrl'>,
  attachment: ProcessAttachment,
): Promise<void> {
  const { name, settings, logger, health, shutdown } = parts;
  stopWithParent(settings.lifecycle.stopWithParent, shutdown, attachment);

  const metrics = createMetrics({ app: name, logger });
  shutdown.add('telemetry', 'metrics', () => metrics.stop());

  const tracing = await startTracing({
    ...settings.tracing,
    serviceName: name,
    redact: (text) => redactText(text, settings.log),
    logger,
  });
  shutdown.add('telemetry', 'tracing', () => tracing.stop());

  const { host, port } = settings.operations;
  const operations = await startOperationsServer({ host, port, health, metrics, logger });
  shutdown.add('telemetry', 'operations server', () => operations.close());

  await start({ ...parts, metrics, operationsUrl: operations.url });
  health.started();
  logger.info({ operations: operations.url }, 'started');
}

function stopWithParent(
  link: ServiceSettings['lifecycle']['stopWithParent'],
  shutdown: Shutdown,
  attachment: ProcessAttachment,
): void {
  if (link === 'never') return;
  const stopWatching = watchParent(link, () => attachment.stop('the launcher is gone'));
  shutdown.add('telemetry', 'watch over the launcher', stopWatching);
}
