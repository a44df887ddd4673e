import { readCleanupRun, type CleanupRunDetail } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { facts, table } from '../output/table.ts';
import { when, whenAndAgo } from '../output/when.ts';
import { countsOf, stateOf } from './cleanup-runs-list.ts';

export async function runCleanupRunsShow(
  bench: Bench,
  id: string,
  { json = false }: JsonOption,
): Promise<void> {
  const database = await bench.database();
  const run = await database.transaction((transaction) => readCleanupRun(transaction, id));
  if (run === null)
    throw new Failure(`There is no cleanup run ${id}. "trunkline cleanup-runs list" shows those there are.`);
  if (json) return showJson(bench.terminal, run);
  const parts = [facts(factsOf(run, bench.now()))];
  if (run.calls.length > 0) parts.push(callsOf(run));
  bench.terminal.out(parts.join('\n\n'));
}

function factsOf(run: CleanupRunDetail, now: Date): (readonly [string, string])[] {
  const at = (name: string, date: Date | null): (readonly [string, string])[] =>
    date === null ? [] : [[name, whenAndAgo(date, now)]];
  return [
    ['run', run.id],
    ['kind', run.kind],
    ['pbx', run.pbxName ?? 'all of the tenant'],
    ['state', stateOf(run)],
    ...(run.cause === null ? [] : [['cause', run.cause] as const]),
    ...(run.reason === null ? [] : [['reason', run.reason] as const]),
    ['did', countsOf(run.counts)],
    ...at('happened', run.happenedAt),
    ...at('begun', run.startedAt),
    ...at('due', run.finishedAt === null ? run.dueAt : null),
    ...at('finished', run.finishedAt),
  ];
}

const callsOf = ({ calls, moreCalls }: CleanupRunDetail): string =>
  table(
    ['at (UTC)', 'call', 'outcome', 'why', 'pbx said', 'remark'],
    calls.map(({ at, call, outcome, why, liveness, detail }) => ({
      'at (UTC)': when(at),
      call,
      outcome,
      why,
      'pbx said': liveness ?? '-',
      remark: detail ?? '',
    })),
  ) + (moreCalls ? '\nThere are more than are shown.' : '');
