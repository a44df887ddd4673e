import type { Database } from '../database.ts';

export interface RecordsKept {
  /** Cleanups that changed something, and dead letters that were replayed or dropped. */
  readonly keptMs: number;
  /** Reconciliations that found everything as it should be: there is one for each snapshot, and nobody asks for them. */
  readonly quietKeptMs: number;
}

/** So many rows are deleted in one statement, so that no row lock is held for long. */
const rowsAtOnceMax = 5_000;
/** The rest is left to the next time. */
const roundsMax = 20;

const isQuiet = ['callsOpened', 'callsReopened', 'callsEnded', 'extensionsSettled']
  .map((count) => `coalesce((counts ->> '${count}')::integer, 0) = 0`)
  .join(' and ');

const ago = (parameter: string): string => `now() - ${parameter}::float8 * interval '1 millisecond'`;

const statements = {
  runs: `delete from cleanup_run where id in (
      select id from cleanup_run where finished_at < ${ago('$1')} and started_at < ${ago('$1')} limit $2)`,
  quietRuns: `delete from cleanup_run where id in (
      select id from cleanup_run
      where kind = 'reconcile' and ${isQuiet} and finished_at < ${ago('$1')} and started_at < ${ago('$1')} limit $2)`,
  settledLetters: `delete from dead_letter where id in (
      select id from dead_letter where state <> 'parked' and resolved_at < ${ago('$1')} limit $2)`,
};

/**
 * Forgets what was written down about cleanups and dead letters once nobody will ask for it any more. What is still to be
 * done, an unfinished run or a parked letter, stays for ever.
 */
export async function pruneRecords(
  database: Database,
  { keptMs, quietKeptMs }: RecordsKept,
): Promise<number> {
  const runs = await prune(database, statements.runs, keptMs);
  const quiet = await prune(database, statements.quietRuns, Math.min(quietKeptMs, keptMs));
  const letters = await prune(database, statements.settledLetters, keptMs);
  return runs + quiet + letters;
}

async function prune(database: Database, statement: string, olderThanMs: number): Promise<number> {
  let pruned = 0;
  for (let round = 0; round < roundsMax; round += 1) {
    const [row] = await database.run((transaction) =>
      transaction.query<{ count: number }>(
        `with gone as (${statement} returning 1) select count(*)::integer as count from gone`,
        [olderThanMs, rowsAtOnceMax],
      ),
    );
    const count = row?.count ?? 0;
    pruned += count;
    if (count < rowsAtOnceMax) break;
  }
  return pruned;
}
