import type { TenantId } from '@trunkline/domain';
import { currentTraceparent } from '@trunkline/service-kit';
import type { Transaction } from '../transaction.ts';

/** What one transaction changed for one tenant, or a part of it. */
export interface OutboxMessage {
  readonly id: string;
  readonly tenant: TenantId;
  /** JSON: an object of arrays, one for each type of message. */
  readonly payload: string;
  /** The span in which it was posted; null while nobody traces. */
  readonly traceparent: string | null;
}

export type Posting = Pick<OutboxMessage, 'tenant' | 'payload'>;

/** Messages in one statement; each is bounded by its size. */
const postedAtOnceMax = 500;

/**
 * A parameter each, since messages are few and large: PostgreSQL takes them as they are, where it would search
 * megabytes for the ends of its elements in an array.
 */
const statementFor = (count: number): string => `
  insert into outbox (traceparent, tenant_id, payload)
  values ${Array.from({ length: count }, (_, index) => `($1::text, $${index * 2 + 2}::uuid, $${index * 2 + 3}::text)`).join(', ')}
  returning id`;

/** Posts messages in the transaction that caused them, so that neither is ever without the other. */
export async function postOutbox(
  transaction: Transaction,
  postings: readonly Posting[],
): Promise<OutboxMessage[]> {
  const traceparent = currentTraceparent() ?? null;
  const messages: OutboxMessage[] = [];
  for (let first = 0; first < postings.length; first += postedAtOnceMax) {
    const some = postings.slice(first, first + postedAtOnceMax);
    const parameters = some.flatMap(({ tenant, payload }) => [tenant, payload]);
    const ids = await transaction.query<{ id: string }>(statementFor(some.length), [
      traceparent,
      ...parameters,
    ]);
    // Ids are drawn row by row as the rows come. Were they mixed up, a message would be delivered under its neighbour's.
    for (const [index, { tenant, payload }] of some.entries()) {
      const id = ids[index]?.id;
      if (id === undefined) throw new Error('the outbox took fewer messages than it was given');
      messages.push({ id, tenant, payload, traceparent });
    }
  }
  return messages;
}
