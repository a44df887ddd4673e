import type { Transaction } from '../transaction.ts';

/** Work that one alone may do at a time. Whoever holds the row does it; all times are the database's. */
export interface WorkLease {
  readonly name: string;
  /** Whoever does it: a process, or a piece of work that wanders from process to process. */
  readonly holder: string;
}

/**
 * Takes the lease, or renews it: also one that has expired and that nobody else has taken. False means that somebody
 * else holds it.
 */
export async function takeWorkLease(
  transaction: Transaction,
  { name, holder }: WorkLease,
  ttlMs: number,
): Promise<boolean> {
  const rows = await transaction.query(
    `insert into work_lease as known (name, holder, expires_at)
     values ($1, $2, clock_timestamp() + $3::float8 * interval '1 millisecond')
     on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
       taken_at = case when known.holder = excluded.holder then known.taken_at else clock_timestamp() end
     where known.holder = excluded.holder or known.expires_at <= clock_timestamp()
     returning name`,
    [name, holder, ttlMs],
  );
  return rows.length > 0;
}

/** Somebody else has taken over, so whatever is under way here must not be finished. */
export class WorkLeaseLostError extends Error {
  override readonly name = 'WorkLeaseLostError';
}

/**
 * Holds the lease until the end of this transaction: nobody can take it over before what is written here has committed.
 * What a process that was frozen for too long wakes up with therefore fails here.
 */
export async function fenceWorkLease(transaction: Transaction, { name, holder }: WorkLease): Promise<void> {
  const rows = await transaction.query('select from work_lease where name = $1 and holder = $2 for share', [
    name,
    holder,
  ]);
  if (rows.length === 0) throw new WorkLeaseLostError(`somebody else has taken over the work "${name}"`);
}

/** Gives the lease back, so that anybody may take it at once. */
export async function releaseWorkLease(transaction: Transaction, { name, holder }: WorkLease): Promise<void> {
  await transaction.query('delete from work_lease where name = $1 and holder = $2', [name, holder]);
}
