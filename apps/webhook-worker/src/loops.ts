import { claimTask, finishTask } from '@trunkline/database';
import { describeError } from '@trunkline/service-kit';
import {
  addDeliveryJobs,
  countWebhooks,
  fanOut,
  handOutLeftovers,
  jobIdOf,
  lookAgainSoon,
  overdueDeliveries,
  pruneDeliveries,
  tenantsWaiting,
  type DeliveryJob,
} from '@trunkline/webhooks';
import type { WorkerHost } from './worker-host.ts';

/** Turns of one tenant before the next tenant has one. */
const turnsMax = 20;

/** Makes deliveries of what was committed, for every tenant for whom something waits and nobody else is at it. */
export async function makeDeliveries(host: WorkerHost, stop: AbortSignal): Promise<void> {
  const { database, events, queue, bounds, logger } = host;
  for (const tenant of await database.run(tenantsWaiting)) {
    for (let turn = 0; turn < turnsMax && !stop.aborted; turn += 1) {
      const fanned = await database.run((transaction) => fanOut(transaction, tenant, bounds));
      if (fanned === null) break;
      events.fannedOut(tenant, fanned);
      await addDeliveryJobs(queue, fanned.jobs).catch((error: unknown) => {
        logger.debug({ err: error }, 'deliveries wait to be found without a job');
      });
      if (!fanned.more) break;
    }
  }
}

/** Gives new jobs to deliveries whose jobs Redis has lost, and places that are free to those that wait for one. */
export async function repairJobs(host: WorkerHost): Promise<void> {
  const { database, queue } = host;
  // While Redis is away nothing is looked at: what was looked at in vain would not be looked at again for a minute.
  await queue.getWaitingCount();
  const leftovers = await database.run(handOutLeftovers);
  const overdue = await database.run(overdueDeliveries);
  try {
    await renewJobs(host, leftovers, overdue);
  } catch (error) {
    await database.run((transaction) => lookAgainSoon(transaction, [...leftovers, ...overdue]));
    throw error;
  }
}

async function renewJobs(
  host: WorkerHost,
  leftovers: readonly DeliveryJob[],
  overdue: readonly DeliveryJob[],
): Promise<void> {
  const lost: DeliveryJob[] = [];
  for (const job of overdue) {
    if (!(await hasJob(host, job))) lost.push(job);
  }
  await addDeliveryJobs(host.queue, [...leftovers, ...lost]);
  if (lost.length > 0) host.events.found(lost.length);
}

/** A job that has finished while its delivery has not (its worker died too often, say) is as good as none. */
async function hasJob({ queue }: WorkerHost, job: DeliveryJob): Promise<boolean> {
  const id = jobIdOf(job);
  const state = await queue.getJobState(id);
  if (state === 'unknown') return false;
  if (state !== 'completed' && state !== 'failed') return true;
  await queue.remove(id);
  return false;
}

const pruneTask = { task: 'webhook-log', everyMs: 600_000, budgetMs: 120_000 } as const;
const pruneTurnsMax = 100;

/** Forgets finished deliveries, one replica at a time. */
export async function keepLog(host: WorkerHost, by: string, keptMs: number): Promise<void> {
  const { database, events } = host;
  const claim = { ...pruneTask, by };
  if (!(await database.run((transaction) => claimTask(transaction, claim)))) return;
  let problem: string | null = null;
  try {
    let pruned = 0;
    for (let turn = 0; turn < pruneTurnsMax; turn += 1) {
      const count = await database.run((transaction) => pruneDeliveries(transaction, keptMs));
      pruned += count;
      if (count === 0) break;
    }
    events.pruned(pruned);
  } catch (error) {
    problem = describeError(error).message;
    throw error;
  } finally {
    await database.run((transaction) => finishTask(transaction, claim, problem));
  }
}

export async function count({ database, events }: WorkerHost): Promise<void> {
  events.counted(await database.run(countWebhooks));
}
