export { createCleanupWorker, type CleanupContext, type CleanupWorker } from './create-cleanup-worker.ts';
export { cleanupSettings } from './settings.ts';
