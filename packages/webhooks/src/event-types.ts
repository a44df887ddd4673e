import { messageTypes, type MessageType } from '@trunkline/database';

/** What an endpoint can ask for: the messages that screens get, but for those that are about webhooks. */
export type WebhookType = Exclude<MessageType, 'webhook_update'>;

export const webhookTypes: readonly WebhookType[] = messageTypes.filter(
  (type): type is WebhookType => type !== 'webhook_update',
);

/** Changes may have been missed; sent whatever an endpoint asks for. */
export const gapType = 'webhook.gap';

/** Somebody tries whether the endpoint answers. */
export const testType = 'webhook.test';
