import {
  changesToPostings,
  postOutbox,
  shownRecordingColumns,
  type OutboxMessage,
  type Transaction,
} from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';

interface Told {
  readonly tenant: TenantId;
  readonly rows: string;
}

/** Tells screens how recordings stand that were just changed in this transaction. */
export async function tellRecordings(
  transaction: Transaction,
  ids: readonly string[],
): Promise<OutboxMessage[]> {
  if (ids.length === 0) return [];
  const rows = await transaction.query<Told>(
    `select tenant_id as tenant, string_agg(
       (select row_to_json(shown) from (select ${shownRecordingColumns}) shown)::text, ',' order by id) as rows
     from recording where id = any($1::uuid[]) group by tenant_id`,
    [ids],
  );
  return postOutbox(transaction, changesToPostings({ recording_update: rows }));
}
