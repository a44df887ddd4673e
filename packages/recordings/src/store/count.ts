import type { Transaction } from '@trunkline/database';

export interface RecordingCounts {
  readonly pending: number;
  /** Of those that wait, how long the first has. */
  readonly oldestSeconds: number;
}

/** What is still to be fetched: few rows, whatever the history. */
export async function countRecordings(transaction: Transaction): Promise<RecordingCounts> {
  const [row] = await transaction.query<RecordingCounts>(
    `select count(*)::integer as pending,
       coalesce(greatest(0, extract(epoch from clock_timestamp() - min(due_at))), 0)::float8 as "oldestSeconds"
     from recording where status = 'pending'`,
  );
  return row ?? { pending: 0, oldestSeconds: 0 };
}
