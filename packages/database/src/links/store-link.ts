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

/** Of each link; the oldest go. A PBX that refuses every five seconds fills an hour with them. */
export const linkStepsMax = 500;

/** Another state is a step, and so is the first word of another holder. What was so briefly that nobody stored it is none. */
const storing = `
  with before as (
    select l.state, coalesce(
      (select s.epoch from pbx_link_step s where s.pbx_id = $1 order by s.id desc limit 1), 0) as epoch
    from pbx_link l where l.pbx_id = $1
  ), changed as (
    update pbx_link l set state = $4, reason = $5,
      since = case when l.state = $4 then l.since else clock_timestamp() end,
      next_attempt_at = clock_timestamp() + $6::float8 * interval '1 millisecond',
      alarm = $7, open = $8, failures = $9, start_mark = $10, product = $11, warnings = $12::text[],
      revision = l.revision + 1
    where l.pbx_id = $1 and l.lease_owner = $2 and l.epoch = $3
    returning l.*
  ), stepped as (
    insert into pbx_link_step (pbx_id, tenant_id, was, state, reason, alarm, next_attempt_at, epoch, holder)
    select c.pbx_id, c.tenant_id, b.state, c.state, c.reason, c.alarm, c.next_attempt_at, c.epoch,
      coalesce((select k.name from connector k where k.id = c.lease_owner), c.lease_owner)
    from changed c, before b where b.state <> c.state or b.epoch <> c.epoch
    returning pbx_id
  ), forgotten as (
    delete from pbx_link_step s using stepped
    where s.pbx_id = stepped.pbx_id and s.id <= (
      select old.id from pbx_link_step old where old.pbx_id = $1 order by old.id desc
      offset ${linkStepsMax - 1} limit 1)
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
