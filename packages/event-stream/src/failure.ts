/**
 * - `transient`: the world failed (a store is down, a deadlock, a missing table). Tried again for ever.
 * - `slow`: the work was cut off for taking too long. Tried again for ever, with smaller batches.
 * - `poison`: the work itself fails on this data. Bisected, tried a few times, set aside.
 */
export type FailureKind = 'transient' | 'slow' | 'poison';

/** To be thrown by `apply` for a failure that says nothing about the entries. */
export class TransientError extends Error {
  override name = 'TransientError';
}

/** Marks what `apply` threw, so that a fault of our own or of a driver is never held against an entry. */
export class ApplyError extends Error {
  override name = 'ApplyError';
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
  }
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Data exceptions, constraint violations, program limits, and what PL/pgSQL raises: these speak of the data. */
const POISON_CLASSES = new Set(['22', '23', '44', '54', 'P0']);

/** `apply` swallowed a statement's error and went on in the aborted transaction; whatever it was, it was in there. */
const IN_FAILED_TRANSACTION = '25P02';

/** query_canceled, the idle-in-transaction and transaction timeouts. */
const SLOW_STATES = new Set(['57014', '25P03', '25P04']);

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const CAUSE_DEPTH_MAX = 8;

/**
 * By SQLSTATE where there is one, by Node's error code where there is one. Everything else is poison only when `apply`
 * threw it. Class 42 (no such table or column, no right) is transient on purpose: it is a deployment that is half done,
 * and setting the whole stream aside would be the worst answer to it.
 */
export function classifyFailure(error: unknown): FailureKind {
  let thrownByApply = false;
  for (const link of causesOf(error)) {
    if (link instanceof TransientError) return 'transient';
    if (link instanceof ApplyError) thrownByApply = true;
    const code = codeOf(link);
    if (code === null) continue;
    if (CONNECTION_CODES.has(code)) return 'transient';
    if (!SQLSTATE.test(code)) continue;
    if (SLOW_STATES.has(code)) return 'slow';
    return code === IN_FAILED_TRANSACTION || POISON_CLASSES.has(code.slice(0, 2)) ? 'poison' : 'transient';
  }
  return thrownByApply && !isConnectionLoss(error) ? 'poison' : 'transient';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** node-postgres gives a lost connection no code, only these words. */
function isConnectionLoss(error: unknown): boolean {
  const words =
    /connection (terminated|ended|closed|is closed)|client has encountered a connection error|timeout exceeded when trying to connect|query read timeout|not queryable|client was closed/i;
  return [...causesOf(error)].some((link) => words.test(messageOf(link)));
}

function* causesOf(error: unknown): Generator {
  let link = error;
  for (let depth = 0; link !== undefined && link !== null && depth < CAUSE_DEPTH_MAX; depth++) {
    yield link;
    link = link instanceof Error ? link.cause : undefined;
  }
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
