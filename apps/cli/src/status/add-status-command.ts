import type { Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { withExamples, withJson, type JsonOption } from '../options/common.ts';
import { runStatus } from './status.ts';

export function addStatusCommand(trunkline: Command, onBench: OnBench): void {
  withExamples(
    withJson(trunkline.command('status')),
    'status',
    "status --json | jq '.groups[] | {group, lag, oldestMs}'",
  )
    .description('how links, streams, queues and backlogs stand, and what may be left over from lost links')
    .action((options: JsonOption) => onBench((bench) => runStatus(bench, options)));
}
