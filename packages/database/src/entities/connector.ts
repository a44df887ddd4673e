import { defineEntity, p } from '@mikro-orm/postgresql';

/** A replica of the connector that was alive a moment ago. */
export const ConnectorEntity = defineEntity({
  name: 'Connector',
  tableName: 'connector',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    egress: p.text(),
    startedAt: p.datetime().defaultRaw('now()'),
    seenAt: p.datetime().defaultRaw('now()'),
  },
});
