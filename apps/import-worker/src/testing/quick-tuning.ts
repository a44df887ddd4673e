import type { WorkerTuning } from '../create-import-worker.ts';

/** A test need not wait as long for somebody who died. */
export const quickTuning: WorkerTuning = {
  repairEveryMs: 200,
  forgetEveryMs: 200,
  countEveryMs: 200,
  lockMs: 1_500,
  stalledLookMs: 300,
  finishMs: 0,
  stopMs: 2_000,
};
