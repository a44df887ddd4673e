import { keptDaysMax, readRetention, setRetention } from '@trunkline/recordings';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { findTenant } from '../tenant/find-tenant.ts';

export interface RecordingsKeepOptions extends JsonOption {
  readonly tenant?: string;
  readonly days?: string;
}

export async function runRecordingsKeep(
  bench: Bench,
  { tenant: called, days: wished, json = false }: RecordingsKeepOptions,
): Promise<void> {
  const database = await bench.database();
  const { name, days } = await database.transaction(async (transaction) => {
    const tenant = await findTenant(transaction, called);
    if (wished !== undefined) await setRetention(transaction, tenant.id, readDays(wished));
    return { name: tenant.name, days: await readRetention(transaction, tenant.id) };
  });
  if (json) return showJson(bench.terminal, { tenant: name, days });
  bench.terminal.out(
    days === null
      ? `${name} keeps recordings until somebody deletes them.`
      : `${name} keeps recordings for ${days} days; older ones are deleted within a minute.`,
  );
}

function readDays(text: string): number | null {
  if (text === 'forever') return null;
  const days = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= keptDaysMax) return days;
  throw new Failure(`--days takes a number from 1 to ${keptDaysMax}, or forever.`);
}
