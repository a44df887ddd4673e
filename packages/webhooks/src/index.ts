export { createWebhooks, type Asking, type Webhooks, type WebhooksOptions } from './create-webhooks.ts';
export type { EndpointWishes } from './endpoint-wishes.ts';
export { gapType, testType, webhookTypes, type WebhookType } from './event-types.ts';
export { retryDelayMs, retryScheduleMs } from './retry-schedule.ts';
export { send, type Answer, type SendOptions } from './send.ts';
export { signatureHeaders, webhookIdOf } from './signature.ts';
export type { AuditEntry } from './store/audit.ts';
export { claimDelivery, type Claim, type ClaimedDelivery } from './store/claim-delivery.ts';
export type { DisabledReason, WebhookEndpoint } from './store/endpoint.ts';
export { fanOut, tenantsWaiting, type FannedOut } from './store/fan-out.ts';
export {
  countWebhooks,
  handOutLeftovers,
  lookAgainSoon,
  overdueDeliveries,
  pruneDeliveries,
  type WebhookCounts,
} from './store/keep-house.ts';
export {
  deliveryStatuses,
  type DeliveryDetail,
  type DeliveryFilter,
  type DeliveryStatus,
  type WebhookAttempt,
  type WebhookDelivery,
} from './store/list-deliveries.ts';
export { settleDelivery, type Attempt, type SettleBounds, type Settled } from './store/settle-delivery.ts';
export type { AddedEndpoint, NewEndpoint } from './store/write-endpoint.ts';
export { systemResolve, type Resolve } from './target/resolve-target.ts';
export type { TargetPolicy } from './target/target-policy.ts';
export { verdictOn, type Verdict } from './verdict.ts';
export { webhookBounds } from './webhook-bounds.ts';
export { WebhookError, type WebhookProblem } from './webhook-error.ts';
export { createWebhookKeys, type WebhookKeys } from './webhook-keys.ts';
export {
  addDeliveryJobs,
  createWebhookQueue,
  deliveryJobSchema,
  jobIdOf,
  webhookQueue,
  type DeliveryJob,
  type WebhookQueue,
} from './webhook-queue.ts';
export { targetPolicyOf, webhookSettings, webhookWorkSettings } from './webhook-settings.ts';
