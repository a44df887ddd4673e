import { callStatuses, directions, hangupCauses } from '@trunkline/domain';
import type { Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import {
  lengthOfTime,
  withExamples,
  withJson,
  withPage,
  withScope,
  type JsonOption,
  type ScopeOptions,
} from '../options/common.ts';
import { digits, moment, oneOf, someOf, wholeNumber } from '../options/read-option.ts';
import { runCallsCleanup, type CallsCleanupOptions } from './calls-cleanup.ts';
import { runCallsList, type CallsListOptions } from './calls-list.ts';
import { runCallsShow } from './calls-show.ts';
import { runCallsStats, type CallsStatsOptions } from './calls-stats.ts';
import { timeoutMinutes } from '@trunkline/stuck-calls';

const minutes = wholeNumber(timeoutMinutes.min, timeoutMinutes.max);

export function addCallsCommands(trunkline: Command, onBench: OnBench): void {
  const calls = trunkline.command('calls').description('calls, going on and over');
  addList(calls, onBench);
  addShow(calls, onBench);
  addStats(calls, onBench);
  addCleanup(calls, onBench);
}

function addList(calls: Command, onBench: OnBench): void {
  const at = moment(() => new Date());
  withExamples(
    withPage(withScope(calls.command('list')))
      .option('--status <states>', `one or several of ${callStatuses.join(', ')}`, someOf(callStatuses))
      .option('--extension <number>', 'in which this phone takes part')
      .option('--number <start>', 'from or to a number that begins like this', digits)
      .option('--number-end <end>', 'from or to a number that ends like this', digits)
      .option('--direction <direction>', directions.join(', '), oneOf(directions))
      .option('--from <time>', 'begun then or later: a time, or how long ago, such as 2h', at)
      .option('--to <time>', 'begun before then', at)
      .option(
        '--cause <causes>',
        'ended for one of these reasons, such as busy,no_answer',
        someOf(hangupCauses),
      )
      .option('--stuck [minutes]', 'open for longer than the limit, or than so many minutes', minutes),
    'calls list --status connected,held --pbx "Head office"',
    'calls list --number-end 4711 --from 7d',
    'calls list --cause timeout_cleanup --json',
  )
    .description('calls, newest first')
    .action((options: CallsListOptions) => onBench((bench) => runCallsList(bench, options)));
}

function addShow(calls: Command, onBench: OnBench): void {
  withExamples(
    withJson(withScope(calls.command('show'))),
    'calls show 1763200000.17',
    'calls show 1763200000.17 --pbx "Head office" --json',
  )
    .argument('<call>', 'its name, as "calls list" shows it')
    .description('all about one call: what was said of it, what cleanups did with it, its recordings')
    .action((call: string, options: JsonOption & ScopeOptions) =>
      onBench((bench) => runCallsShow(bench, call, options)),
    );
}

function addStats(calls: Command, onBench: OnBench): void {
  withExamples(
    withJson(withScope(calls.command('stats')))
      .addOption(lengthOfTime('--since <time>', 'how far back ended calls are counted, such as 7d', '1d'))
      .option('--timeout <minutes>', 'open for longer counts as stuck', minutes),
    'calls stats',
    'calls stats --pbx "Head office" --timeout 15',
  )
    .description('calls by state and cause, and those that are stuck')
    .action((options: CallsStatsOptions) => onBench((bench) => runCallsStats(bench, options)));
}

function addCleanup(calls: Command, onBench: OnBench): void {
  withExamples(
    withJson(withScope(calls.command('cleanup')))
      .option('--timeout <minutes>', 'open for longer counts as stuck', minutes)
      .option('--extension <number>', 'only calls in which this phone takes part')
      .option('--dry-run', 'shows what would be done and changes nothing')
      .option('--no-interaction', 'asks nobody; needed where nobody can be asked')
      .option(
        '--no-verify',
        'ends calls by the time alone, without asking the PBX: it may end calls that are alive',
      ),
    'calls cleanup --dry-run',
    'calls cleanup --timeout=15 --pbx "Head office"',
    'calls cleanup --no-interaction --json',
  )
    .description('ends stuck calls that the PBX does not know any more, after asking it about each')
    .action((options: CallsCleanupOptions) => onBench((bench) => runCallsCleanup(bench, options)));
}
