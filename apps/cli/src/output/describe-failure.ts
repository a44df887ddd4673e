import { ContactError } from '@trunkline/contacts';
import { databaseErrorCode, isDatabaseAway, ReadError } from '@trunkline/database';
import { SettingsError } from '@trunkline/service-kit';
import { StorageError } from '@trunkline/storage';
import { WebhookError } from '@trunkline/webhooks';
import { Failure } from '../failure.ts';

/** Their messages name the problem and the remedy. */
const shown = [Failure, ReadError, WebhookError, ContactError, StorageError];

/** What went wrong, for a person. Only a fault of ours shows where it happened. */
export function describeFailure(error: unknown): string {
  if (shown.some((kind) => error instanceof kind) && error instanceof Error) return error.message;
  if (error instanceof SettingsError)
    return `${error.message}\nIn a checkout, "npm start" brings PostgreSQL and Redis, and this command finds them by itself.`;
  if (!(error instanceof Error)) return String(error);
  const code = databaseErrorCode(error);
  if (code !== undefined) {
    if (isDatabaseAway(error))
      return `The database can't be reached (${code}). Is it running, and is DATABASE_URL right?`;
    const refusal = refusals[code];
    if (refusal !== undefined) return refusal;
  }
  return error.stack ?? error.message;
}

/** What PostgreSQL says to whoever comes to the wrong place, by SQLSTATE. */
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'The database refuses the user or the password. Is DATABASE_URL right?',
  '28000': 'The database refuses the user. Is DATABASE_URL right?',
  '3D000': 'The server has no such database. Is DATABASE_URL right?',
  '42P01': 'The database lacks our tables, or some of this version: "trunkline migrate" makes them.',
  '42703': "The database's tables are older than this command. Start the services of this version once.",
};
