import type { Transaction } from '../transaction.ts';

export interface TaskClaim {
  readonly task: string;
  /** Who claims it, for the operator who looks. */
  readonly by: string;
  /** How long after a claim it is due again, whoever does it then. */
  readonly everyMs: number;
  /** After so long whoever claimed it is taken for dead. */
  readonly budgetMs: number;
}

/**
 * Claims a task that one replica does for all: true for one of those who ask while it is due. The claim is a row and not
 * an advisory lock, which would either hold a transaction open for as long as the task takes or be lost without a word
 * with its pooled session; and the row gives all replicas one schedule, where each with a timer of its own would make n.
 * Whoever dies meanwhile loses the claim after `budgetMs`.
 */
export async function claimTask(
  transaction: Transaction,
  { task, by, everyMs, budgetMs }: TaskClaim,
): Promise<boolean> {
  const rows = await transaction.query(
    `insert into housekeeping as known (task, due_at, claimed_by, claimed_until)
     values ($1, clock_timestamp() + $3::float8 * interval '1 millisecond', $2,
       clock_timestamp() + $4::float8 * interval '1 millisecond')
     on conflict (task) do update set
       due_at = excluded.due_at, claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
     where known.due_at <= clock_timestamp()
       and (known.claimed_until is null or known.claimed_until <= clock_timestamp())
     returning task`,
    [task, by, everyMs, budgetMs],
  );
  return rows.length > 0;
}

/** Gives the claim back, unless somebody else has it by now. `problem` is null when all went well. */
export async function finishTask(
  transaction: Transaction,
  { task, by }: Pick<TaskClaim, 'task' | 'by'>,
  problem: string | null,
): Promise<void> {
  await transaction.query(
    `update housekeeping set claimed_until = null, problem = $3,
       finished_at = case when $3::text is null then clock_timestamp() else finished_at end
     where task = $1 and claimed_by = $2`,
    [task, by, problem],
  );
}
