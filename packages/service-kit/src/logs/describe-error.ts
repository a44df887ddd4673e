/** Longer chains are cut: what is deeper than this is repetition or a cycle. */
const CAUSES_MAX = 8;
const AGGREGATED_MAX = 8;

export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
  readonly errors?: readonly ErrorDescription[];
  readonly [detail: string]: unknown;
}

/**
 * An error as a log field: type, message, stack, the chain of causes, and its own plain details (`code`, `syscall`…).
 *
 * Details that are objects stay out. Drivers hang whole commands with their arguments there: ioredis the password
 * of a refused AUTH, pg the row that broke a constraint.
 */
export function describeError(thrown: unknown, depth = 0): ErrorDescription {
  if (!(thrown instanceof Error)) return { type: 'not an Error', message: textOf(thrown) };
  const description: Record<string, unknown> & { type: string; message: string } = {
    type: typeNameOf(thrown),
    message: thrown.message,
    ...plainDetails(thrown),
  };
  if (thrown.stack !== undefined) description['stack'] = thrown.stack;
  if (depth >= CAUSES_MAX) return description;
  if (thrown.cause !== undefined) description['cause'] = describeError(thrown.cause, depth + 1);
  if (thrown instanceof AggregateError) {
    const errors: readonly unknown[] = thrown.errors.slice(0, AGGREGATED_MAX);
    description['errors'] = errors.map((error) => describeError(error, depth + 1));
  }
  return description;
}

function typeNameOf(error: Error): string {
  return error.name === 'Error' ? error.constructor.name : error.name;
}

function plainDetails(error: Error): Record<string, unknown> {
  const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
  const reserved = new Set(['name', 'message', 'stack', 'type']);
  return Object.fromEntries(
    Object.entries(error).filter(([name, value]) => isPlain(value) && !reserved.has(name)),
  );
}

function textOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  try {
    return JSON.stringify(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}
