import type { PbxId, TenantId } from '@trunkline/domain';
import { column, parametersOf, readColumn, unnested, type Column } from '../columns.ts';
import type { Transaction } from '../transaction.ts';

/** An event as the audit trail keeps it: word for word as it was published. */
export interface AuditedEvent {
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  /** What it is about: a call, a phone, a recording, or the link. */
  readonly subject: string;
  readonly version: bigint;
  readonly at: number;
  readonly type: string;
  readonly payload: string;
  readonly traceparent: string | undefined;
}

const columns: readonly Column<AuditedEvent>[] = [
  column('tenant_id', 'uuid', (event: AuditedEvent) => event.tenant),
  column('pbx_id', 'uuid', (event: AuditedEvent) => event.pbx),
  column('subject', 'text', (event: AuditedEvent) => event.subject),
  column('version', 'bigint', (event: AuditedEvent) => event.version),
  column('at', 'instant', (event: AuditedEvent) => event.at),
  column('type', 'text', (event: AuditedEvent) => event.type),
  column('payload', 'text', (event: AuditedEvent) => event.payload),
  column('traceparent', 'text', (event: AuditedEvent) => event.traceparent),
];

const insert = `
  insert into call_event (${columns.map(({ name }) => name).join(', ')})
  select ${columns.map(readColumn).join(', ')} from ${unnested(columns)}`;

const uniqueViolation = '23505';

/**
 * Repetitions are filtered out by their sequence long before they come here. Where one slips through all the same (the
 * sequences were lost with a restored table, say), the key stops it, and the batch is written once more with repetitions
 * passed over. Asking PostgreSQL to look out for conflicts in every batch would cost half as much again.
 */
export async function writeAudit(transaction: Transaction, events: readonly AuditedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const parameters = parametersOf(columns, events);
  await transaction.query('savepoint audit');
  try {
    await transaction.query(insert, parameters);
  } catch (error) {
    if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
    await transaction.query('rollback to savepoint audit');
    await transaction.query(`${insert} on conflict do nothing`, parameters);
  }
  await transaction.query('release savepoint audit');
}
