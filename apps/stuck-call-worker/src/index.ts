export {
  createStuckCallWorker,
  WORKER_TUNING,
  type StuckCallWorker,
  type StuckCallWorkerOptions,
  type WorkerTuning,
} from './create-stuck-call-worker.ts';
export {
  stuckCallWorkerSettings,
  timingOf,
  type StuckCallWorkerSettings,
  type SweepTiming,
} from './settings.ts';
