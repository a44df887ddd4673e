export {
  createRecordingWorker,
  WORKER_TUNING,
  type RecordingWorker,
  type RecordingWorkerOptions,
  type WorkerTuning,
} from './create-recording-worker.ts';
export { createOpenSound, type OpenSoundOptions } from './open-sound.ts';
export { recordingWorkerSettings, type RecordingWorkerSettings } from './settings.ts';
export type { OpenSound } from './worker-host.ts';
