import { SettingsError } from '@trunkline/service-kit';
import { Failure } from '../failure.ts';

/** What went wrong, for a person. Only a fault of ours shows where it happened. */
export function describeFailure(error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (error instanceof SettingsError)
    return `${error.message}\nIn a checkout, "npm start" brings PostgreSQL and Redis, and this command finds them by itself.`;
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  if (code !== undefined && unreachable.has(code))
    return `The database can't be reached (${code}). Is it running, and is DATABASE_URL right?`;
  return error.stack ?? error.message;
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ECONNRESET',
]);

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause instanceof Error ? codeOf(error.cause) : undefined;
}
