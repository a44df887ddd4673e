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

/** Repetitions are filtered out by their sequence long before; the key is the wall behind that. */
const statement = `
  insert into call_event (${columns.map(({ name }) => name).join(', ')})
  select ${columns.map(readColumn).join(', ')} from ${unnested(columns)}
  on conflict do nothing`;

export async function writeAudit(transaction: Transaction, events: readonly AuditedEvent[]): Promise<void> {
  if (events.length > 0) await transaction.query(statement, parametersOf(columns, events));
}
