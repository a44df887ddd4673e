import { defineEntity, p } from '@mikro-orm/postgresql';

/** For services only: no tenant's role may read it. */
export const WebhookSecretEntity = defineEntity({
  name: 'WebhookSecret',
  tableName: 'webhook_secret',
  properties: {
    id: p.uuid().primary(),
    endpointId: p.uuid(),
    sealed: p.text(),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
    /** Set where another one has taken its place. */
    expiresAt: p.datetime().nullable(),
  },
});
