import { SettingsError, storeSettings, type Settings } from '@trunkline/service-kit';
import { webhookSettings, webhookWorkSettings, type WebhookKeys } from '@trunkline/webhooks';

export const webhookWorkerSettings = {
  ...storeSettings,
  webhooks: webhookSettings,
  work: webhookWorkSettings,
};
export type WebhookWorkerSettings = Settings<typeof webhookWorkerSettings>;

/** Without its key a worker could sign nothing, so it does not start. */
export function keysOf({ keys }: Pick<WebhookWorkerSettings['webhooks'], 'keys'>): WebhookKeys {
  if (keys !== undefined) return keys;
  const problem =
    'is not set, and without it the secrets of webhooks can’t be read; make one with: echo "2026a:$(openssl rand -hex 24)"';
  throw new SettingsError([
    { variable: 'TRUNKLINE_WEBHOOK_KEY', problem, example: '2026a:put-32-or-more-random-characters-here' },
  ]);
}

/** Longer than answers are waited for and what has none is put back. */
export const stopBudgetMs = 15_000;
