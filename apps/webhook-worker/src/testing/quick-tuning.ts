import type { WorkerTuning } from '../create-webhook-worker.ts';

/** A test need not wait as long as a receiver may. */
export const quickTuning: WorkerTuning = {
  scheduleMs: [100, 200, 400],
  answerWithinMs: 2_000,
  lookEveryMs: 50,
  repairEveryMs: 200,
  pruneEveryMs: 60_000,
  countEveryMs: 200,
  lockMs: 1_500,
  stalledLookMs: 300,
  finishMs: 3_000,
  stopMs: 2_000,
};
