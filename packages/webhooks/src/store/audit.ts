import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { maybeDate } from './endpoint.ts';

export type AuditedAction = 'added' | 'changed' | 'secret_rotated' | 'enabled' | 'disabled' | 'removed';

export interface AuditEntry {
  readonly at: Date;
  readonly action: AuditedAction;
  readonly by: string;
  readonly detail: string | null;
}

export interface Audited extends Omit<AuditEntry, 'at'> {
  readonly tenant: TenantId;
  readonly endpoint: string;
}

/** Notes what was done with an endpoint, in the transaction that does it. */
export async function writeWebhookAudit(
  transaction: Transaction,
  { tenant, endpoint, action, by, detail }: Audited,
): Promise<void> {
  await transaction.query(
    'insert into webhook_audit (tenant_id, endpoint_id, action, by, detail) values ($1, $2, $3, $4, $5)',
    [tenant, endpoint, action, by, detail],
  );
}

const entriesMax = 100;

/** What was done with an endpoint, the newest first; also with one that is removed. */
export async function listWebhookAudit(
  transaction: Transaction,
  endpoint: string,
  tenant?: TenantId,
): Promise<AuditEntry[]> {
  const rows = await transaction.query<Omit<AuditEntry, 'at'> & { readonly at: string }>(
    `select at, action, by, detail from webhook_audit
     where endpoint_id = $1 and ($2::uuid is null or tenant_id = $2) order by id desc limit ${entriesMax}`,
    [endpoint, tenant ?? null],
  );
  return rows.map((row) => ({ ...row, at: maybeDate(row.at) ?? new Date(0) }));
}
