import { createLogger, type Logger } from '../logs/create-logger.ts';

export interface MemoryLogger {
  readonly logger: Logger;
  /** What was logged, parsed. */
  readonly entries: Record<string, unknown>[];
  /** The same as raw lines. */
  readonly lines: string[];
}

/** A real logger whose lines stay here. */
export function createMemoryLogger({ redactPhoneNumbers = false } = {}): MemoryLogger {
  const entries: Record<string, unknown>[] = [];
  const lines: string[] = [];
  const destination = {
    write(line: string): void {
      lines.push(line);
      entries.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  return {
    logger: createLogger({ name: 'test', level: 'debug', redactPhoneNumbers, destination }),
    entries,
    lines,
  };
}
