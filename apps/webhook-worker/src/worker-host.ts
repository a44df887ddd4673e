import type { Database, OutboxMessage } from '@trunkline/database';
import type { Logger } from '@trunkline/service-kit';
import type { DeliveryJob, Resolve, SettleBounds, TargetPolicy, WebhookKeys } from '@trunkline/webhooks';
import type { Queue } from 'bullmq';
import type { WebhookEvents } from './events.ts';

/** What jobs and loops work with. */
export interface WorkerHost {
  readonly database: Database;
  readonly queue: Queue<DeliveryJob>;
  readonly keys: WebhookKeys;
  readonly policy: TargetPolicy;
  readonly resolve: Resolve;
  readonly bounds: SettleBounds;
  /** How long a receiver may take. */
  readonly answerWithinMs: number;
  readonly scheduleMs: readonly number[];
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly events: WebhookEvents;
  readonly logger: Logger;
}
