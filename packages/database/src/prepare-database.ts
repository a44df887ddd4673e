import { maintainAudit } from './audit/maintain-audit.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

/** Two years of audit are kept where nobody says otherwise, and a quarter is made ahead. */
const auditMonths = { monthsAhead: 3, monthsKept: 24 } as const;

/** All that a database needs before services may use it: its schema and the audit's next partitions. Safe to run at once anywhere. */
export async function prepareDatabase(url: string, now: Date): Promise<readonly string[]> {
  const migrated = await migrate(url);
  await using database = await openDatabase({ url, applicationName: 'trunkline-prepare', connectionsMax: 1 });
  await maintainAudit(database, { now, ...auditMonths });
  return migrated;
}
