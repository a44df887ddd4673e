import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

/** Something that somebody did by hand. */
export const OperatorActionEntity = defineEntity({
  name: 'OperatorAction',
  tableName: 'operator_action',
  filters: tenantFilter,
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    actor: p.text(),
    action: p.text(),
    target: p.text().nullable(),
    details: p.text().default('{}'),
    outcome: p.text().default('begun'),
    problem: p.text().nullable(),
    traceparent: p.text().nullable(),
    at: p.datetime().defaultRaw('clock_timestamp()'),
    finishedAt: p.datetime().nullable(),
  },
});
