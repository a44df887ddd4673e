import { cleanupRunKinds } from '@trunkline/database';
import type { Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { withExamples, withJson, withPage, withScope, type JsonOption } from '../options/common.ts';
import { oneOf } from '../options/read-option.ts';
import { runCleanupRunsList, type CleanupRunsListOptions } from './cleanup-runs-list.ts';
import { runCleanupRunsShow } from './cleanup-runs-show.ts';

export function addCleanupRunsCommands(trunkline: Command, onBench: OnBench): void {
  const runs = trunkline
    .command('cleanup-runs')
    .description('what was cleaned up after lost links, snapshots and by sweeps');
  withExamples(
    withPage(withScope(runs.command('list'))).option(
      '--kind <kind>',
      cleanupRunKinds.join(', '),
      oneOf(cleanupRunKinds),
    ),
    'cleanup-runs list --kind disconnect',
    'cleanup-runs list --pbx "Head office" --limit 5',
  )
    .description('cleanups, newest first')
    .action((options: CleanupRunsListOptions) => onBench((bench) => runCleanupRunsList(bench, options)));
  withExamples(withJson(runs.command('show')), 'cleanup-runs show 0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f')
    .argument('<run>', 'its id, as "cleanup-runs list" shows it')
    .description('one cleanup and what became of which call')
    .action((id: string, options: JsonOption) => onBench((bench) => runCleanupRunsShow(bench, id, options)));
}
