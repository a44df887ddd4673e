import { defineEntity, p } from '@mikro-orm/postgresql';
import { tenantFilter } from './tenant-filter.ts';

/** A phone that is shown in several open calls just now. */
export const DoubleBookingEntity = defineEntity({
  name: 'DoubleBooking',
  tableName: 'double_booking',
  filters: tenantFilter,
  properties: {
    pbxId: p.uuid().primary(),
    extension: p.text().primary(),
    tenantId: p.uuid(),
    calls: p.array(),
    mark: p.text(),
    settledMark: p.text().nullable(),
    seenAt: p.datetime().defaultRaw('clock_timestamp()'),
    askAfter: p.datetime().defaultRaw('clock_timestamp()'),
  },
});
