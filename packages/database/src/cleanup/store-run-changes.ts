import type { Transaction } from '../transaction.ts';
import type { AppliedNews } from '../writes/apply-news.ts';
import type { Changes } from '../writes/changes.ts';

/** Of each kind: a disconnect may end ten thousands of calls, and nobody reads them one by one. */
export const changesKeptMax = 500;

/**
 * Keeps what a run has just changed, as it was before, in the transaction of the change: once the PBX has spoken again
 * nobody could tell. What was shown before is the last word, which a floor never touches.
 */
export async function storeRunChanges(
  transaction: Transaction,
  runs: readonly Changes[],
  { closedCalls, settledExtensions }: Pick<AppliedNews, 'closedCalls' | 'settledExtensions'>,
): Promise<void> {
  const calls = keysOf(closedCalls, 'call');
  const phones = keysOf(settledExtensions, 'extension');
  if (calls.length === 0 && phones.length === 0) return;
  for (const { id } of runs.flatMap(rowsOf)) await transaction.query(storing, [id, calls, phones]);
}

const storing = `
  insert into cleanup_run_change (run_id, tenant_id, kind, key, was, became)
  select r.id, r.tenant_id, 'call', c.call_key, c.word_status, c.status
  from cleanup_run r cross join unnest($2::text[]) as closed (key)
  join call c on c.pbx_id = r.pbx_id and c.call_key = closed.key
  where r.id = $1
  union all
  select r.id, r.tenant_id, 'phone', e.number, e.word_status, e.status
  from cleanup_run r cross join unnest($3::text[]) as settled (key)
  join extension e on e.pbx_id = r.pbx_id and e.number = settled.key
  where r.id = $1
  on conflict do nothing`;

/** Rows travel in pieces; no more of these are read than are kept. */
function keysOf(changes: readonly Changes[], column: string): string[] {
  const keys: string[] = [];
  for (const piece of changes) {
    if (keys.length >= changesKeptMax) break;
    keys.push(...rowsOf(piece).map((row) => String(row[column])));
  }
  return keys.slice(0, changesKeptMax);
}

const rowsOf = ({ rows }: Changes): Record<string, unknown>[] =>
  JSON.parse(`[${rows}]`) as Record<string, unknown>[];
