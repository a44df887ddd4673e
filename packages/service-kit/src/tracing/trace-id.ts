import { hash } from 'node:crypto';

/** A trace id is 16 bytes. */
const TRACE_ID_LETTERS = 32;

/**
 * The trace id of something that has a name, such as a call of a PBX: everybody who knows the name knows the trace, so that
 * it joins what is said, stored and shown of a call without being carried along, and each service makes the same choice
 * whether it is sampled.
 */
export const traceIdOf = (...names: readonly string[]): string =>
  hash('sha256', JSON.stringify(names), 'hex').slice(0, TRACE_ID_LETTERS);

let planned: string | undefined;

/** The id of the next root span, which the SDK asks for while it is made. */
export function withTraceId<Result>(traceId: string, make: () => Result): Result {
  planned = traceId;
  try {
    return make();
  } finally {
    planned = undefined;
  }
}

export const plannedTraceId = (): string | undefined => planned;
