import type { Transaction } from '../transaction.ts';
import { maybeDate } from './listed-call.ts';

/** A chore that one of the workers does from time to time. For services. */
export interface HousekeepingTask {
  readonly task: string;
  readonly dueAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed the last time. */
  readonly problem: string | null;
}

export async function listHousekeeping(transaction: Transaction): Promise<HousekeepingTask[]> {
  const rows = await transaction.query<{
    task: string;
    due_at: string | null;
    finished_at: string | null;
    problem: string | null;
  }>('select task, due_at, finished_at, problem from housekeeping order by task');
  return rows.map(({ task, due_at: dueAt, finished_at: finishedAt, problem }) => ({
    task,
    dueAt: maybeDate(dueAt),
    finishedAt: maybeDate(finishedAt),
    problem,
  }));
}
