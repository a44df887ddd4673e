import { deadLetterStates } from '@trunkline/database';
import type { Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { withExamples, withJson, withPage, type JsonOption } from '../options/common.ts';
import { oneOf } from '../options/read-option.ts';
import { runDeadLettersList, type DeadLettersListOptions } from './dead-letters-list.ts';
import { runDeadLettersDrop, runDeadLettersReplay } from './dead-letters-resolve.ts';
import { runDeadLettersShow } from './dead-letters-show.ts';

export function addDeadLettersCommands(trunkline: Command, onBench: OnBench): void {
  const letters = trunkline.command('dead-letters').description('events that could not be applied or read');
  withExamples(
    withPage(letters.command('list'))
      .option('--group <name>', 'only of this group: lifecycle, cleanup, or link')
      .option('--pbx <name>', 'only what this PBX said')
      .option('--state <state>', deadLetterStates.join(', '), oneOf(deadLetterStates))
      .option('--all', 'also those that were replayed or dropped'),
    'dead-letters list',
    'dead-letters list --group link --pbx "Head office"',
  )
    .description('those that wait for somebody, newest first')
    .action((options: DeadLettersListOptions) => onBench((bench) => runDeadLettersList(bench, options)));
  withExamples(withJson(letters.command('show')), 'dead-letters show 0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f')
    .argument('<letter>', 'its id, as "dead-letters list" shows it')
    .description('one of them, with its payload and why it failed')
    .action((id: string, options: JsonOption) => onBench((bench) => runDeadLettersShow(bench, id, options)));
  withExamples(letters.command('replay'), 'dead-letters replay 0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f')
    .argument('<letters...>', 'their ids')
    .description('applies them now; one that fails again stays')
    .action((ids: string[]) => onBench((bench) => runDeadLettersReplay(bench, ids)));
  withExamples(letters.command('drop'), 'dead-letters drop 0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f')
    .argument('<letters...>', 'their ids')
    .description('gives them up; they stay to be looked at')
    .action((ids: string[]) => onBench((bench) => runDeadLettersDrop(bench, ids)));
}
