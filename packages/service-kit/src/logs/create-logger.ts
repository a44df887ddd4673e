import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { traceFields } from '../tracing/spans.ts';
import { describeError } from './describe-error.ts';
import { redactLine } from './redact-line.ts';

export type Logger = PinoLogger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Which process speaks. */
  readonly name: string;
  readonly level: LogLevel;
  /** Masks phone numbers everywhere, in fields and inside strings. Secrets are always redacted. */
  readonly redactPhoneNumbers: boolean;
  /** Standard output unless a test wants the lines. */
  readonly destination?: DestinationStream;
}

/**
 * A pino logger whose every line is redacted before it is written.
 *
 * Writing is synchronous and without a transport thread, so that the last line before a crash is there. It costs a
 * write a line, which is why the hot path counts with metrics and logs a batch, not an entry.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { name, level } = options;
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true });
  return pino(
    {
      name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      mixin: traceFields,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeIfError, error: describeIfError, reason: describeIfError },
      hooks: { streamWrite: (line) => redactLine(line, options) },
    },
    destination,
  );
}

function describeIfError(value: unknown): unknown {
  return value instanceof Error ? describeError(value) : value;
}
