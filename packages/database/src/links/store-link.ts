import { changesToPostings } from '../outbox/changes-to-postings.ts';
import { postOutbox, type OutboxMessage } from '../outbox/post-outbox.ts';
import type { Transaction } from '../transaction.ts';
import { changesOf, selectChanges, type ChangesRow } from '../writes/changes.ts';
import type { Lease } from './leases.ts';

/** How a link stands, as its holder tells it. Times are told as durations, since the clock is the database's. */
export interface LinkRecord {
  readonly state: string;
  /** Why it is in this state, in words. */
  readonly reason: string | null;
  readonly nextAttemptInMs: number | null;
  /** What a person should do something about. */
  readonly alarm: string | null;
  /** A link.connected was published and its link.disconnected not yet. */
  readonly open: boolean;
  readonly failures: number;
  readonly startMark: string | null;
  readonly product: string | null;
  readonly warnings: readonly string[];
}

/**
 * What screens are told of a link. Whoever reads the table must also look at the lease: where it has expired, nobody
 * knows how the link stands.
 */
export const shownLinkColumns = `pbx_id as pbx, state, reason, since, next_attempt_at as "nextAttemptAt", alarm, open,
  product, warnings, snapshot_at as "snapshotAt", revision`;

/** Stores how a link stands, with the message that tells it. Null when the lease is somebody else's by now. */
export async function storeLink(
  transaction: Transaction,
  { pbx, owner, epoch }: Lease,
  record: LinkRecord,
): Promise<OutboxMessage[] | null> {
  const { state, reason, nextAttemptInMs, alarm, open, failures, startMark, product, warnings } = record;
  const rows = await transaction.query<ChangesRow>(storing, [
    pbx,
    owner,
    epoch,
    state,
    reason,
    nextAttemptInMs,
    alarm,
    open,
    failures,
    startMark,
    product,
    [...warnings],
  ]);
  if (rows.length === 0) return null;
  return postOutbox(transaction, changesToPostings({ link_update: rows.map(changesOf) }));
}

const storing = `
  with changed as (
    update pbx_link l set state = $4, reason = $5,
      since = case when l.state = $4 then l.since else clock_timestamp() end,
      next_attempt_at = clock_timestamp() + $6::float8 * interval '1 millisecond',
      alarm = $7, open = $8, failures = $9, start_mark = $10, product = $11, warnings = $12::text[],
      revision = l.revision + 1
    where l.pbx_id = $1 and l.lease_owner = $2 and l.epoch = $3
    returning l.*
  )
  ${selectChanges(shownLinkColumns)}`;

/** A complete snapshot was published. */
export async function storeSnapshotTime(
  transaction: Transaction,
  { pbx, owner, epoch }: Lease,
): Promise<OutboxMessage[]> {
  const rows = await transaction.query<ChangesRow>(
    `with changed as (
       update pbx_link l set snapshot_at = clock_timestamp(), revision = l.revision + 1
       where l.pbx_id = $1 and l.lease_owner = $2 and l.epoch = $3
       returning l.*
     )
     ${selectChanges(shownLinkColumns)}`,
    [pbx, owner, epoch],
  );
  return postOutbox(transaction, changesToPostings({ link_update: rows.map(changesOf) }));
}
