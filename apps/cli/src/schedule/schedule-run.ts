import type { SweepReport, SweepRequests, SweepStatus } from '@trunkline/stuck-calls';
import type { Bench } from '../bench.ts';
import { summaryOf } from '../calls/swept-calls.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { bar } from '../output/progress.ts';
import { showJson } from '../output/show-page.ts';
import { aboutSweeps } from './about-sweeps.ts';

export interface ScheduleRunOptions extends JsonOption {
  /** How long it is waited for; what has begun goes on. */
  readonly wait: number;
}

/** Has a worker do now what it would do at the next scheduled time. */
export async function runScheduleRun(
  bench: Bench,
  { json = false, wait }: ScheduleRunOptions,
): Promise<void> {
  const { terminal } = bench;
  const report = await aboutSweeps(bench, (requests) => sweepNow(bench, requests, wait));
  if (json) showJson(terminal, report);
  else terminal.out(summaryOf(report));
  const { counts, failedBatches, state } = report;
  if (state === 'busy') throw new Failure('Another sweep is under way, so nothing was done.');
  if (state === 'overtaken') throw new Failure('Another sweep took over. What was ended stays ended.');
  if (counts.failed + failedBatches > 0)
    throw new Failure('Some calls could not be ended; the next sweep tries again.');
}

async function sweepNow(bench: Bench, requests: SweepRequests, deadlineMs: number): Promise<SweepReport> {
  const { terminal, operator, signal } = bench;
  const scheduled = (await requests.readSchedule())?.request;
  const request = { ...(scheduled ?? { verify: true }), dryRun: false, by: operator };
  let drawn = false;
  try {
    return await requests.requestSweep(request, {
      deadlineMs,
      signal,
      onProgress: (status) => {
        if (!terminal.isInteractive) return;
        drawn = true;
        terminal.overwrite(progressOf(status));
      },
    });
  } finally {
    if (drawn) terminal.overwrite('');
  }
}

const progressOf = ({ stage, batches, batchesDone }: SweepStatus): string =>
  stage === 'sweeping' ? `Sweeping ${bar(batchesDone, batches)} batches` : `Sweeping: ${stage}`;
