import {
  addImportJob,
  countImports,
  forgetImports,
  giveUpImport,
  openImports,
  type OpenImport,
} from '@trunkline/contacts';
import { claimTask, finishTask } from '@trunkline/database';
import { describeError } from '@trunkline/service-kit';
import type { WorkerHost } from './worker-host.ts';

/**
 * Gives jobs to imports that have none: Redis has lost it, nobody could reach Redis when the import was started, or it was handed back by
 * workers that died at it. One at which they die again and again without a step is given up, since it would take down every worker in turn.
 */
export async function repairJobs(host: WorkerHost): Promise<void> {
  // While Redis is away there is nothing to compare with.
  await host.queue.getWaitingCount();
  let repaired = 0;
  for (const open of await host.database.run(openImports)) {
    if (await isUnderWay(host, open)) continue;
    await addImportJob(host.queue, { import: open.id, rowsDone: open.rowsDone });
    repaired += 1;
  }
  if (repaired > 0) host.events.repaired(repaired);
}

/** Whether somebody is at it or will be; one that is given up is at its end. */
async function isUnderWay(
  { queue, database, relay, events }: WorkerHost,
  open: OpenImport,
): Promise<boolean> {
  const job = await queue.getJob(open.id);
  if (job === undefined) return false;
  const state = await job.getState();
  if (state !== 'completed' && state !== 'failed' && state !== 'unknown') return true;
  if (state === 'failed' && job.data.rowsDone === open.rowsDone) {
    const messages = await database.run((transaction) => giveUpImport(transaction, open));
    await relay(messages).catch(() => undefined);
    events.gaveUp(open.id, job.failedReason);
    await queue.remove(open.id);
    return true;
  }
  await queue.remove(open.id);
  return false;
}

const forgetTask = { task: 'contact-imports', everyMs: 600_000, budgetMs: 120_000 } as const;
const forgetTurnsMax = 100;

/** Forgets files and imports whose time is over, one replica at a time. */
export async function forgetOld(host: WorkerHost, by: string, everyMs: number): Promise<void> {
  const { database, events, kept } = host;
  const claim = { ...forgetTask, everyMs: Math.min(forgetTask.everyMs, 10 * everyMs), by };
  if (!(await database.run((transaction) => claimTask(transaction, claim)))) return;
  let problem: string | null = null;
  try {
    for (let turn = 0; turn < forgetTurnsMax; turn += 1) {
      const { forgotten, isMore } = await forgetImports(host, kept);
      events.forgotten(forgotten);
      if (!isMore) break;
    }
  } catch (error) {
    problem = describeError(error).message;
    throw error;
  } finally {
    await database.run((transaction) => finishTask(transaction, claim, problem));
  }
}

export async function count({ database, events }: WorkerHost): Promise<void> {
  events.counted(await database.run(countImports));
}
