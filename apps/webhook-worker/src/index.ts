export {
  createWebhookWorker,
  WORKER_TUNING,
  type WebhookWorker,
  type WebhookWorkerOptions,
  type WorkerTuning,
} from './create-webhook-worker.ts';
export { keysOf, webhookWorkerSettings, type WebhookWorkerSettings } from './settings.ts';
