import type { OutboxMessage, Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { tellRecordings } from './tell.ts';

/**
 * A deleted recording stays as a row, so that what tells of it again does not bring it back. Its sound can't be had from
 * here on; the file goes after this is committed, and whoever keeps house finds what a crash left of it.
 */
const deleted = `status = 'deleted', deleted_at = clock_timestamp(), claim = null, claimed_until = null,
  revision = revision + 1`;

/** null where there is none of this tenant, or it was deleted before. */
export async function deleteRecording(
  transaction: Transaction,
  id: string,
  tenant: TenantId | undefined,
): Promise<readonly OutboxMessage[] | null> {
  const rows = await transaction.query(
    `update recording set ${deleted}, problem = 'Deleted by hand'
     where id = $1 and ($2::uuid is null or tenant_id = $2) and status <> 'deleted' returning id`,
    [id, tenant ?? null],
  );
  return rows.length === 0 ? null : tellRecordings(transaction, [id]);
}

/** In one turn. */
const expiredMax = 200;

export interface Expired {
  readonly count: number;
  readonly messages: readonly OutboxMessage[];
}

/** Deletes what is older than its tenant keeps, fetched or not. There may be more. */
export async function expireRecordings(transaction: Transaction): Promise<Expired> {
  const rows = await transaction.query<{ readonly id: string }>(
    `update recording set ${deleted}, problem = 'Older than recordings are kept'
     where id in (
       select r.id from tenant t join recording r on r.tenant_id = t.id
         and r.ready_at < clock_timestamp() - t.recordings_kept_days * interval '1 day'
       where t.recordings_kept_days is not null and r.status <> 'deleted'
         and (r.claim is null or r.claimed_until <= clock_timestamp())
       limit ${expiredMax} for update of r skip locked)
     returning id`,
  );
  const messages = await tellRecordings(
    transaction,
    rows.map(({ id }) => id),
  );
  return { count: rows.length, messages };
}

export interface Leftover {
  readonly id: string;
  readonly key: string;
}

/** Files of recordings that are deleted. */
export const leftoverFiles = (transaction: Transaction): Promise<Leftover[]> =>
  transaction.query<Leftover>(
    `select id, file_key as key from recording where status = 'deleted' and file_key is not null order by id limit 500`,
  );

export async function forgetFiles(transaction: Transaction, ids: readonly string[]): Promise<void> {
  await transaction.query(
    `update recording set file_key = null where id = any($1::uuid[]) and status = 'deleted'`,
    [ids],
  );
}
