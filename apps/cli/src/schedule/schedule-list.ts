import { listHousekeeping, type HousekeepingTask } from '@trunkline/database';
import type { RecentSweep, SweepSchedule } from '@trunkline/stuck-calls';
import type { Bench } from '../bench.ts';
import type { JsonOption } from '../options/common.ts';
import { ago, span } from '../output/ago.ts';
import { showJson } from '../output/show-page.ts';
import { table } from '../output/table.ts';
import { summaryOf } from '../calls/swept-calls.ts';
import { aboutSweeps } from './about-sweeps.ts';

/** What happens by itself at regular times: sweeps, which are jobs, and the chores that workers share out. */
export async function runScheduleList(bench: Bench, { json = false }: JsonOption): Promise<void> {
  const database = await bench.database();
  const chores = await database.transaction((transaction) => listHousekeeping(transaction));
  const [schedule, sweeps] = await aboutSweeps(bench, (requests) =>
    Promise.all([requests.readSchedule(), requests.recentSweeps(1)]),
  );
  if (json) return showJson(bench.terminal, { stuckCalls: { schedule, last: sweeps[0] ?? null }, chores });
  const now = bench.now();
  const rows = [sweepLine(schedule, sweeps[0], now), ...chores.map((chore) => choreLine(chore, now))];
  bench.terminal.out(table(['name', 'every', 'next', 'last', 'outcome'], rows));
}

function sweepLine(schedule: SweepSchedule | null, last: RecentSweep | undefined, now: Date) {
  return {
    name: 'stuck-calls',
    every: everyOf(schedule),
    next: schedule?.nextAt ? ago(schedule.nextAt, now) : '-',
    last: last === undefined ? '-' : ago(last.finishedAt, now),
    outcome: last?.problem ?? (last?.report ? summaryOf(last.report) : ''),
  };
}

/** Without a worker nobody schedules anything. */
function everyOf(schedule: SweepSchedule | null): string {
  if (schedule === null) return 'not scheduled: no stuck-call worker has run';
  return schedule.everyMs === null ? (schedule.cron ?? '-') : span(schedule.everyMs);
}

const choreLine = ({ task, dueAt, finishedAt, problem }: HousekeepingTask, now: Date) => ({
  name: task,
  every: '-',
  next: dueAt === null ? '-' : dueAt > now ? ago(dueAt, now) : 'now',
  last: finishedAt === null ? '-' : ago(finishedAt, now),
  outcome: problem ?? '',
});
