import type { Logger } from '../logs/create-logger.ts';
import { withDeadline } from '../primitives/with-deadline.ts';
import { switchSpansOff } from './spans.ts';

export interface TracingOptions {
  /** The base URL of an OTLP/HTTP collector, such as http://collector:4318. */
  readonly endpoint?: string | undefined;
  /** Each finished span becomes a line of the log. With neither a collector nor this, tracing is off. */
  readonly log?: boolean;
  readonly serviceName: string;
  /** The share of new traces that is recorded, 0 to 1; a trace begun elsewhere keeps its decision. All unless given. */
  readonly sampleRatio?: number;
  /** Applied to error messages before they leave; secrets are removed unless given. */
  readonly redact?: (text: string) => string;
  readonly logger: Logger;
}

export interface Tracing extends AsyncDisposable {
  readonly enabled: boolean;
  /** Sends what is buffered, within `withinMs`, and switches tracing off. May be called again. */
  stop(withinMs?: number): Promise<void>;
}

const FLUSH_MS_MAX = 3_000;

const OFF: Tracing = {
  enabled: false,
  stop: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Starts tracing if there is somewhere to send spans to. The SDK is loaded only then: it costs start time and memory. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint, log = false, logger } = options;
  if (endpoint === undefined && !log) return OFF;
  const { startTracerProvider } = await import('./tracer-provider.ts');
  const shutDown = startTracerProvider(options);
  logger.info({ endpoint, log }, 'tracing is on');

  let stopping: Promise<void> | undefined;
  async function stop(withinMs = FLUSH_MS_MAX): Promise<void> {
    switchSpansOff();
    try {
      await withDeadline(shutDown(), withinMs, 'sending the last spans');
    } catch (error) {
      logger.warn({ err: error }, 'the last spans were not sent');
    }
  }
  const tracing: Tracing = {
    enabled: true,
    stop: (withinMs) => (stopping ??= stop(withinMs)),
    [Symbol.asyncDispose]: () => tracing.stop(),
  };
  return tracing;
}
