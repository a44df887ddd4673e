/** How it shows in an error that the database could not be reached, as a code of the system or of PostgreSQL. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
]);

/** What the driver says of a connection that went away or could not be had, and gives no code for. */
const words =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/i;

/** Whether it is no fault of the statement, and may go well in a moment. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = databaseErrorCode(error);
  if (code !== undefined && unreachable.has(code)) return true;
  return words.test(error.message) || isDatabaseAway(error.cause);
}

/** The code of an error, or of what caused it: SQLSTATE where PostgreSQL has spoken. */
export function databaseErrorCode(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause instanceof Error ? databaseErrorCode(error.cause) : undefined;
}
