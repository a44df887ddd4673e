import type { WorkerTuning } from '../create-recording-worker.ts';

/** A test need not wait as long as a PBX may. */
export const quickTuning: WorkerTuning = {
  retry: { waitsMs: [100, 200], attemptsMax: 30, missingMax: 2, laterMs: 100 },
  leaseMs: 1_500,
  fetchMs: 10_000,
  busyMs: 50,
  lookEveryMs: 50,
  keepHouseEveryMs: 100,
  countEveryMs: 200,
  lockMs: 1_500,
  stalledLookMs: 300,
  finishMs: 3_000,
  stopMs: 2_000,
};
