import { randomUUID } from 'node:crypto';
import type { TenantId } from '@trunkline/domain';
import type { Database } from '../database.ts';
import type { Transaction } from '../transaction.ts';

/** What became of it. `unknown`: it may have been done or not. */
export type OperatorOutcome = 'done' | 'refused' | 'failed' | 'unknown';

export interface NewOperatorAction {
  /** Whose trail it stands in: the tenant of whoever did it. */
  readonly tenant: TenantId;
  /** Who did it. */
  readonly actor: string;
  /** What was done, as a verb behind its subject: `sweep.start`. */
  readonly action: string;
  /** With what: an id, a key. */
  readonly target?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly traceparent?: string | undefined;
}

const textLengthMax = 2_000;

/** Stored before anything is done, so that nothing is done of which nothing is known. */
export async function beginOperatorAction(
  transaction: Transaction,
  { tenant, actor, action, target, details = {}, traceparent }: NewOperatorAction,
): Promise<string> {
  const id = randomUUID();
  await transaction.query(
    `insert into operator_action (id, tenant_id, actor, action, target, details, traceparent)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, tenant, actor, action, target ?? null, storable(JSON.stringify(details)), traceparent ?? null],
  );
  return id;
}

export async function finishOperatorAction(
  transaction: Transaction,
  id: string,
  outcome: OperatorOutcome,
  problem: string | null = null,
): Promise<void> {
  await transaction.query(
    `update operator_action set outcome = $2, problem = $3, finished_at = clock_timestamp() where id = $1`,
    [id, outcome, problem === null ? null : storable(problem)],
  );
}

const storable = (text: string): string => text.replaceAll('\0', '\u2400').slice(0, textLengthMax);

const pruneRowsMax = 10_000;

/** Forgets what was done longer ago than that; the rest of a large backlog goes the next time. */
export async function pruneOperatorActions(database: Database, olderThanMs: number): Promise<number> {
  const rows = await database.run((transaction) =>
    transaction.query(
      `delete from operator_action where id in (
         select id from operator_action where at < now() - $1::float8 * interval '1 millisecond' order by at limit $2
       ) returning 1`,
      [olderThanMs, pruneRowsMax],
    ),
  );
  return rows.length;
}
