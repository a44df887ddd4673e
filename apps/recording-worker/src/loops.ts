import { claimTask, finishTask } from '@trunkline/database';
import {
  countRecordings,
  dueRecordings,
  expireRecordings,
  forgetFiles,
  leftoverFiles,
  recordingJobId,
} from '@trunkline/recordings';
import { describeError } from '@trunkline/service-kit';
import type { WorkerHost } from './worker-host.ts';

/** PostgreSQL decides when it is enough; this only has to be more. */
const jobAttemptsMax = 1_000;

/** Gives a job to whatever is due: told of lately, to be tried again, or left behind. One that has a job gets no second. */
export async function findDue({ database, queue }: WorkerHost): Promise<void> {
  // While Redis is away nothing is looked for.
  await queue.getWaitingCount();
  const due = await database.run(dueRecordings);
  if (due.length === 0) return;
  await queue.addBulk(
    due.map((data) => ({
      name: 'fetch',
      data,
      opts: {
        jobId: recordingJobId(data),
        attempts: jobAttemptsMax,
        backoff: { type: 'recording' },
        removeOnComplete: true,
        removeOnFail: true,
      },
    })),
  );
}

const task = { task: 'recordings', everyMs: 60_000, budgetMs: 300_000 } as const;
const turnsMax = 100;

/** Deletes what is too old, and the files of what was deleted; one replica at a time. */
export async function keepHouse(host: WorkerHost, by: string, everyMs: number): Promise<void> {
  const { database } = host;
  const claim = { ...task, everyMs, by };
  if (!(await database.run((transaction) => claimTask(transaction, claim)))) return;
  let problem: string | null = null;
  try {
    await expire(host);
    await removeFiles(host);
  } catch (error) {
    problem = describeError(error).message;
    throw error;
  } finally {
    await database.run((transaction) => finishTask(transaction, claim, problem));
  }
}

async function expire({ database, relay, events }: WorkerHost): Promise<void> {
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const { count, messages } = await database.run(expireRecordings);
    events.expired(count);
    if (count === 0) return;
    await relay(messages);
  }
}

/** A file that is gone already is gone, so whoever died in between does no harm. */
async function removeFiles({ database, storage, events }: WorkerHost): Promise<void> {
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const left = await database.run(leftoverFiles);
    if (left.length === 0) return;
    for (const { key } of left) await storage.delete(key);
    await database.run((transaction) =>
      forgetFiles(
        transaction,
        left.map(({ id }) => id),
      ),
    );
    events.removed(left.length);
  }
}

export async function count({ database, events }: WorkerHost): Promise<void> {
  events.counted(await database.run(countRecordings));
}
