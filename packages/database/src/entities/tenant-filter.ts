/**
 * The first wall between tenants: entities that belong to one carry this filter, switched on by default. An entity
 * manager that was opened without saying for whom it works can't query them at all, since the filter's parameter is missing.
 */
export const tenantFilter = {
  tenant: {
    name: 'tenant',
    default: true,
    cond: ({ tenant }: { tenant?: string | undefined }) => (tenant === undefined ? {} : { tenantId: tenant }),
  },
};
