export {
  createImportWorker,
  WORKER_TUNING,
  type ImportWorker,
  type ImportWorkerOptions,
  type WorkerTuning,
} from './create-import-worker.ts';
export { importWorkerSettings, type ImportWorkerSettings } from './settings.ts';
