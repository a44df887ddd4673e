export { createLifecycleWorker, type LifecycleWorker } from './create-lifecycle-worker.ts';
export { lifecycleSettings } from './settings.ts';
