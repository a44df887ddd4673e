import { randomUUID } from 'node:crypto';
import { listPbxs } from '@trunkline/database';
import type { StuckCallLimits } from '@trunkline/domain';
import {
  askThrough,
  planSweep,
  sweep,
  type SweepContext,
  type SweepReport,
  type SweepRequest,
} from '@trunkline/stuck-calls';
import type { Bench } from '../bench.ts';
import { Failure, UsageError } from '../failure.ts';
import type { JsonOption, ScopeOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { openProgress } from '../output/progress.ts';
import { showJson } from '../output/show-page.ts';
import { limitsAfter } from '@trunkline/stuck-calls';
import { sweptTable, summaryOf } from './swept-calls.ts';

export interface CallsCleanupOptions extends JsonOption, ScopeOptions {
  readonly timeout?: number;
  readonly dryRun?: boolean;
  readonly interaction: boolean;
  readonly verify: boolean;
  readonly extension?: string;
}

/**
 * Looks first and shows what it found, asks, and then sweeps anew: what was true of a call while somebody thought about it
 * need not be true any more, so each is asked about again before it is ended.
 */
export async function runCallsCleanup(bench: Bench, options: CallsCleanupOptions): Promise<void> {
  const { terminal } = bench;
  const { dryRun = false, interaction, json = false } = options;
  if (!dryRun && interaction && !terminal.isInteractive) {
    throw new UsageError(
      'There is nobody here who could be asked. Add --no-interaction to go ahead, or --dry-run to look only.',
    );
  }
  const limits = limitsAfter(options.timeout, bench.settings.stuckCalls);
  const request = await requestOf(bench, options);
  if (dryRun || interaction) {
    const found = await sweepWith(bench, { ...request, dryRun: true }, limits);
    if (dryRun && json) return showJson(terminal, found);
    await show(bench, found, json);
    if (dryRun) return;
    if (!(await isWanted(bench, found))) return;
  }
  const report = await sweepWith(bench, request, limits);
  if (json) showJson(terminal, report);
  else await show(bench, report, false);
  complain(report);
}

async function requestOf(bench: Bench, options: CallsCleanupOptions): Promise<SweepRequest> {
  const database = await bench.database();
  const scope = await database.transaction((transaction) => resolveScope(transaction, options));
  const { verify, extension } = options;
  const by = bench.operator;
  return { dryRun: false, verify, by, ...scope, ...(extension !== undefined && { extension }) };
}

async function sweepWith(bench: Bench, request: SweepRequest, limits: StuckCallLimits): Promise<SweepReport> {
  const { signal } = bench;
  const context: SweepContext = {
    database: await bench.database(),
    ask: (pbx, call, aborted) =>
      askThrough(bench.commands(), bench.settings.stuckCalls.answerMs)(pbx, call, aborted),
    relay: (messages) => bench.relay(messages),
    logger: bench.logger,
  };
  const { found } = await planSweep(context, { sweep: randomUUID(), request, limits });
  using progress = openProgress(bench.terminal, request.dryRun ? 'Looking' : 'Sweeping', found);
  const report = await sweep(context, request, limits, {
    signal,
    onProgress: ({ handled }) => progress.at(handled),
  });
  if (report.state === 'busy')
    throw new Failure('Another sweep is under way, so nothing was done. Try again when it is over.');
  if (report.state === 'overtaken')
    throw new Failure(
      'Another sweep took over, since this one was silent for too long. What was ended stays ended.',
    );
  return report;
}

async function show(bench: Bench, report: SweepReport, aside: boolean): Promise<void> {
  const database = await bench.database();
  const pbxs = await database.transaction((transaction) => listPbxs(transaction, { removedToo: true }));
  const names = new Map(pbxs.map(({ id, name }) => [String(id), name]));
  const text = [...sweptTable(report, names), summaryOf(report)].join('\n\n');
  if (aside) bench.terminal.note(text);
  else bench.terminal.out(text);
}

async function isWanted({ terminal }: Bench, { counts }: SweepReport): Promise<boolean> {
  if (counts.would_end === 0) return false;
  const calls = counts.would_end === 1 ? 'this call' : `these ${counts.would_end} calls`;
  const answer = await terminal.ask(`End ${calls}? [y/N] `);
  if (/^(y|yes)$/i.test(answer?.trim() ?? '')) return true;
  terminal.note('Nothing was done.');
  return false;
}

function complain({ counts, failedBatches }: SweepReport): void {
  if (counts.failed + failedBatches > 0)
    throw new Failure('Some calls could not be ended; the next sweep tries again.');
}
