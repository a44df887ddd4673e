import { defineEntity, p } from '@mikro-orm/postgresql';

export const TenantEntity = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  filters: {
    tenant: {
      name: 'tenant',
      default: true,
      cond: ({ tenant }: { tenant?: string | undefined }) => (tenant === undefined ? {} : { id: tenant }),
    },
  },
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    defaultCountry: p.text().nullable(),
    recordingsKeptDays: p.integer().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
