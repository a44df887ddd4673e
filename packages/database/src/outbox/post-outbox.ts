import type { TenantId } from '@trunkline/domain';
import { column, parametersOf, unnested } from '../columns.ts';
import type { Transaction } from '../transaction.ts';

/** What one transaction changed for one tenant. */
export interface OutboxMessage {
  readonly id: string;
  readonly tenant: TenantId;
  /** JSON: an object of arrays, one for each kind of row that changed. */
  readonly payload: string;
}

export type Posting = Omit<OutboxMessage, 'id'>;

const columns = [
  column<Posting, 'uuid'>('tenant_id', 'uuid', (posting) => posting.tenant),
  column<Posting, 'text'>('payload', 'text', (posting) => posting.payload),
];

const statement = `
  insert into outbox (tenant_id, payload) select tenant_id, payload from ${unnested(columns)}
  returning id, tenant_id as tenant`;

/** Posts messages in the transaction that caused them, so that neither is ever without the other. */
export async function postOutbox(
  transaction: Transaction,
  postings: readonly Posting[],
): Promise<OutboxMessage[]> {
  if (postings.length === 0) return [];
  const ids = await transaction.query<{ id: string; tenant: TenantId }>(
    statement,
    parametersOf(columns, postings),
  );
  const payloads = new Map(postings.map(({ tenant, payload }) => [tenant, payload]));
  return ids.map(({ id, tenant }) => ({ id, tenant, payload: payloads.get(tenant) ?? '{}' }));
}
