import { Argument, type Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { lengthOfTime, withExamples, withJson, type JsonOption } from '../options/common.ts';
import { runScheduleList } from './schedule-list.ts';
import { runScheduleRun, type ScheduleRunOptions } from './schedule-run.ts';

export function addScheduleCommands(trunkline: Command, onBench: OnBench): void {
  const schedule = trunkline.command('schedule').description('what happens by itself at regular times');
  withExamples(withJson(schedule.command('list')), 'schedule list')
    .description('when it happens next, and how it went last')
    .action((options: JsonOption) => onBench((bench) => runScheduleList(bench, options)));
  withExamples(
    withJson(schedule.command('run')).addOption(
      lengthOfTime('--wait <time>', 'how long it is waited for', '10m'),
    ),
    'schedule run',
    'schedule run stuck-calls --wait 1m',
  )
    .addArgument(new Argument('[name]', 'what to run').choices(['stuck-calls']).default('stuck-calls'))
    .description('has a worker do it now, as it would at the next time')
    .action((_name: string, options: ScheduleRunOptions) =>
      onBench((bench) => runScheduleRun(bench, options)),
    );
}
