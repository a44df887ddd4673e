import { randomUUID } from 'node:crypto';
import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import type { DraftDelivery } from '../message-deliveries.ts';

/** Rows in one statement. */
const insertedAtOnceMax = 1_000;

/** In their order, which `seq` keeps. */
export async function insertDeliveries(
  transaction: Transaction,
  tenant: TenantId,
  drafts: readonly DraftDelivery[],
): Promise<void> {
  for (let first = 0; first < drafts.length; first += insertedAtOnceMax) {
    const some = drafts.slice(first, first + insertedAtOnceMax);
    await transaction.query(
      `insert into webhook_delivery (id, tenant_id, endpoint_id, type, body)
       select id, $1, endpoint, type, body
       from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[])
         with ordinality as draft (id, endpoint, type, body, place)
       order by place`,
      [
        tenant,
        some.map(() => randomUUID()),
        some.map(({ endpoint }) => endpoint),
        some.map(({ type }) => type),
        some.map(({ body }) => body),
      ],
    );
  }
}
