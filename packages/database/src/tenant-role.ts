/**
 * The role under which a tenant's requests run, and the setting that names the tenant: the second wall behind the
 * filters of the entity manager. Row-level security does not bind the owner of the tables, under whose name services
 * and migrations run; it binds this role, whatever query it is made to run.
 */
export const tenantRole = 'trunkline_tenant';
export const tenantSetting = 'trunkline.tenant';

/** Every table that a tenant may see, and so every table that carries a policy. */
export const tenantTables = ['pbx', 'call', 'extension', 'recording', 'cleanup_run', 'call_event'] as const;
