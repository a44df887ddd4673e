import { messageTypes, type MessageType } from '@trunkline/database';

/** About webhooks themselves, and what people write: conversations may be one person's alone, and an endpoint is the tenant's. */
const untold = [
  'webhook_update',
  'chat_message',
  'import_progress',
  'import_complete',
  'import_error',
] as const;

/** What an endpoint can ask for: the messages that screens get, but for a few. */
export type WebhookType = Exclude<MessageType, (typeof untold)[number]>;

export const webhookTypes: readonly WebhookType[] = messageTypes.filter(
  (type): type is WebhookType => !(untold as readonly string[]).includes(type),
);

/** Changes may have been missed; sent whatever an endpoint asks for. */
export const gapType = 'webhook.gap';

/** Somebody tries whether the endpoint answers. */
export const testType = 'webhook.test';
