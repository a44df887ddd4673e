/**
 * The role under which a tenant's requests run, and the setting that names the tenant: the second wall behind the
 * filters of the entity manager. Row-level security does not bind the owner of the tables, under whose name services
 * and migrations run; it binds this role, whatever query it is made to run.
 */
export const tenantRole = 'trunkline_tenant';
export const tenantSetting = 'trunkline.tenant';

/** The tables that got their policy when the wall was built. Later ones get theirs where they are made. */
export const firstTenantTables = [
  'pbx',
  'call',
  'extension',
  'recording',
  'cleanup_run',
  'call_event',
] as const;

/** Every table that a tenant may see, and so every table that carries a policy. */
export const tenantTables = [
  ...firstTenantTables,
  'pbx_link',
  'cleanup_run_call',
  'double_booking',
  'webhook_endpoint',
  'webhook_delivery',
  'webhook_attempt',
  'webhook_audit',
  'operator_action',
  'conversation',
  'conversation_message',
  'pbx_link_step',
  'cleanup_run_change',
  'contact',
  'contact_number',
  'contact_import',
  'contact_import_rejection',
] as const;
