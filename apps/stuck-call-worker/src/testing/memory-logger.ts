import { createLogger, type Logger } from '@trunkline/service-kit';

export type LogEntry = Readonly<Record<string, unknown>>;

/** A real logger whose lines stay here. */
export function memoryLogger(): { readonly logger: Logger; readonly entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const destination = { write: (line: string) => void entries.push(JSON.parse(line) as LogEntry) };
  return {
    logger: createLogger({ name: 'test', level: 'debug', redactPhoneNumbers: false, destination }),
    entries,
  };
}
