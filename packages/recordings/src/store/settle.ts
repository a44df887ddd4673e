import type { OutboxMessage, Transaction } from '@trunkline/database';
import { cleanText } from '@trunkline/domain';
import type { StoredFile } from '@trunkline/storage';
import type { NextStep } from '../next-step.ts';
import type { ClaimedRecording } from './claim.ts';
import { tellRecordings } from './tell.ts';

/** null: somebody else has it by now, so nothing was settled. */
export type Settled = { readonly messages: readonly OutboxMessage[] } | null;

const problemLettersMax = 500;

/** The claim is the fence: whoever comes back too late changes nothing. */
const mine = `where id = $1 and claim = $2 and status = 'pending'`;

export async function settleStored(
  transaction: Transaction,
  { id, claim }: ClaimedRecording,
  { key, bytes, sha256 }: StoredFile,
  contentType: string,
): Promise<Settled> {
  const rows = await transaction.query(
    `update recording set status = 'stored', file_key = $3, bytes = $4, sha256 = $5, content_type = $6,
       stored_at = clock_timestamp(), problem = null, claim = null, claimed_until = null, revision = revision + 1
     ${mine} returning id`,
    [id, claim, key, bytes, sha256, contentType],
  );
  return rows.length === 0 ? null : { messages: await tellRecordings(transaction, [id]) };
}

/** What was not stored is due again or given up. Screens are told only what they would show differently. */
export async function settleFailure(
  transaction: Transaction,
  { id, claim }: ClaimedRecording,
  problem: string,
  step: NextStep,
): Promise<Settled> {
  const givenUp = step.kind === 'give-up';
  const [row] = await transaction.query<{ readonly changed: boolean }>(
    `update recording r set status = $3, problem = $4,
       due_at = clock_timestamp() + $5::float8 * interval '1 millisecond', attempts = r.attempts - $6::integer,
       claim = null, claimed_until = null,
       revision = r.revision + (r.problem is distinct from $4 or r.status <> $3)::integer
     from (select id, problem, status from recording ${mine} for update) before
     where r.id = before.id
     returning before.problem is distinct from $4 or before.status <> $3 as changed`,
    [
      id,
      claim,
      givenUp ? 'failed' : 'pending',
      cleanText(problem, problemLettersMax),
      givenUp ? 0 : step.waitMs,
      givenUp || step.countsAttempt ? 0 : 1,
    ],
  );
  if (row === undefined) return null;
  return { messages: row.changed ? await tellRecordings(transaction, [id]) : [] };
}
