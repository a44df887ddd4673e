import type { Database } from '../database.ts';
import type { Transaction } from '../transaction.ts';
import {
  addMonths,
  firstDay,
  isBefore,
  monthOf,
  monthOfPartition,
  partitionName,
  type Month,
} from './months.ts';

export interface AuditMaintenance {
  readonly now: Date;
  /** Partitions made beyond the current month, so that a scheduler may be down for weeks. */
  readonly monthsAhead: number;
  /** Whole months kept before the current one; older partitions are dropped, which costs nothing and leaves no holes. */
  readonly monthsKept: number;
}

export interface AuditMaintained {
  readonly made: readonly string[];
  readonly dropped: readonly string[];
  /** Rows older than the retention that had to be deleted one by one, from the default partition. */
  readonly deletedFromDefault: number;
}

const maintenanceLock = 7_274_637_252;

/** Attaching and dropping must get between two batches; where they can't, they give way and are tried again later. */
const lockWait = "'2s'";

/** Makes the partitions of the months to come and drops those that are past their time. Safe to run at once anywhere. */
export async function maintainAudit(database: Database, plan: AuditMaintenance): Promise<AuditMaintained> {
  return database.run(async (transaction) => {
    await transaction.query(`set local lock_timeout = ${lockWait}`);
    await transaction.query('select pg_advisory_xact_lock($1)', [maintenanceLock]);
    const existing = await partitions(transaction);
    const oldestKept = addMonths(monthOf(plan.now), -plan.monthsKept);
    const made = await makeMissing(transaction, existing, plan);
    const dropped = await dropExpired(transaction, existing, oldestKept);
    const deletedFromDefault = await deleteFromDefault(transaction, oldestKept);
    return { made, dropped, deletedFromDefault };
  });
}

async function partitions(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'call_event'::regclass order by c.relname`,
  );
  return rows.map(({ name }) => name);
}

async function makeMissing(
  transaction: Transaction,
  existing: readonly string[],
  { now, monthsAhead }: AuditMaintenance,
): Promise<string[]> {
  const wanted = Array.from({ length: monthsAhead + 1 }, (_, ahead) => addMonths(monthOf(now), ahead));
  const missing = wanted.filter((month) => !existing.includes(partitionName(month)));
  for (const month of missing) await makePartition(transaction, month);
  return missing.map(partitionName);
}

/** Built aside and attached, with what the default partition has meanwhile taken of that month: nothing is refused, nothing lost. */
async function makePartition(transaction: Transaction, month: Month): Promise<void> {
  const name = partitionName(month);
  const [from, to] = [firstDay(month), firstDay(addMonths(month, 1))];
  await transaction.query(`create table ${name} (like call_event including defaults including constraints)`);
  await transaction.query(
    `with moved as (delete from call_event_default where at >= $1::timestamptz and at < $2::timestamptz returning *)
     insert into ${name} select * from moved`,
    [`${from}Z`, `${to}Z`],
  );
  await transaction.query(
    `alter table call_event attach partition ${name} for values from ('${from} 00:00Z') to ('${to} 00:00Z')`,
  );
}

async function dropExpired(
  transaction: Transaction,
  existing: readonly string[],
  oldestKept: Month,
): Promise<string[]> {
  const expired = existing.filter((name) => {
    const month = monthOfPartition(name);
    return month !== undefined && isBefore(month, oldestKept);
  });
  for (const name of expired) await transaction.query(`drop table ${name}`);
  return expired;
}

async function deleteFromDefault(transaction: Transaction, oldestKept: Month): Promise<number> {
  const rows = await transaction.query<{ count: number }>(
    `with gone as (delete from call_event_default where at < $1::timestamptz returning 1)
     select count(*)::integer as count from gone`,
    [`${firstDay(oldestKept)}Z`],
  );
  return rows[0]?.count ?? 0;
}
