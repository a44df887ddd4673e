import { listCleanupRuns, type CleanupRunKind, type ListedCleanupRun } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import type { PageOptions, ScopeOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showPage } from '../output/show-page.ts';
import { when } from '../output/when.ts';

export interface CleanupRunsListOptions extends PageOptions, ScopeOptions {
  readonly kind?: CleanupRunKind;
}

export async function runCleanupRunsList(bench: Bench, options: CleanupRunsListOptions): Promise<void> {
  const { kind, limit, after } = options;
  const database = await bench.database();
  const page = await database.transaction(async (transaction) => {
    const scope = await resolveScope(transaction, options);
    return await listCleanupRuns(transaction, { ...scope, kind }, { limit, after });
  });
  showPage(bench.terminal, page, options, {
    columns: ['at (UTC)', 'kind', 'pbx', 'state', 'counts', 'reason', 'run'],
    rowOf: (run) => ({
      'at (UTC)': when(run.startedAt),
      kind: run.kind,
      pbx: run.pbxName ?? 'all',
      state: stateOf(run),
      counts: countsOf(run.counts),
      reason: run.reason ?? run.cause ?? '',
      run: run.id,
    }),
    nothing: 'There were no cleanups like that.',
  });
}

export function stateOf({ finishedAt, dueAt, spared }: ListedCleanupRun): string {
  if (spared) return 'not needed';
  if (finishedAt !== null) return 'done';
  return dueAt === null ? 'under way' : 'waits';
}

/** What is 0 says nothing. */
export const countsOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'nothing';
