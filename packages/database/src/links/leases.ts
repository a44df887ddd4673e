import type { PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { configColumns, configMark, configOf, isWanted, type PbxConfig } from './pbx-config.ts';

/** A process that holds links, by a name of its own that no other process ever has. */
export interface Replica {
  readonly id: string;
  /** For people: the host or pod. */
  readonly name: string;
  /** The address under which PBXs see it, by a name that all who share it use. */
  readonly egress: string;
}

/** A lease that was renewed a moment ago, and what has happened to its PBX meanwhile. */
export interface HeldLease {
  readonly pbx: PbxId;
  readonly epoch: number;
  readonly configMark: string;
  readonly snapshotWanted: boolean;
  readonly retryWanted: boolean;
}

/** How the links are spread over the replicas that are alive, this one included. */
export interface Spread {
  readonly replicas: readonly { readonly id: string; readonly held: number }[];
  /** All that somebody should hold, held or not. */
  readonly total: number;
  /** Those that nobody holds. */
  readonly free: number;
}

export interface LeaseTerms {
  readonly ttlMs: number;
}

export interface RenewalTerms extends LeaseTerms {
  /** PBXs that have said anything since the renewal before. */
  readonly heard?: readonly PbxId[];
}

/** Long after a replica died, when nobody asks for it any more. */
const forgetConnectorsAfter = `interval '1 hour'`;

const later = (parameter: string): string =>
  `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;

/**
 * Says that a replica is alive and renews all it holds, also what has expired and nobody has taken: the row still
 * carries its name and epoch, so nothing was published by anybody else. All times are the database's. A replica counts
 * as alive no longer than its leases last, so that those who are left share them out at once.
 */
export async function renewLeases(
  transaction: Transaction,
  { id, name, egress }: Replica,
  { ttlMs, heard = [] }: RenewalTerms,
): Promise<{ readonly held: readonly HeldLease[]; readonly spread: Spread }> {
  await transaction.query(
    `insert into connector as known (id, name, egress, seen_at) values ($1, $2, $3, clock_timestamp())
     on conflict (id) do update set seen_at = excluded.seen_at, name = excluded.name, egress = excluded.egress`,
    [id, name, egress],
  );
  const held = await transaction.query<Omit<HeldLease, 'epoch'> & { epoch: string }>(renewal, [
    id,
    ttlMs,
    JSON.stringify(heard),
  ]);
  return {
    held: held.map((lease) => ({ ...lease, epoch: Number(lease.epoch) })),
    spread: await readSpread(transaction, ttlMs),
  };
}

const renewal = `
  update pbx_link l set lease_expires_at = ${later('$2')},
    heard_at = case when jsonb_exists($3::jsonb, l.pbx_id::text) then clock_timestamp() else l.heard_at end
  from pbx p left join snapshot_wish w on w.pbx_id = p.id
  where p.id = l.pbx_id and l.lease_owner = $1
  returning l.pbx_id as pbx, l.epoch, ${configMark} as "configMark", w.pbx_id is not null as "snapshotWanted",
    l.retry_wanted_at is not null as "retryWanted"`;

export async function readSpread(transaction: Transaction, ttlMs: number): Promise<Spread> {
  const replicas = await transaction.query<{ id: string; held: number }>(
    `select c.id, count(l.pbx_id)::integer as held
     from connector c left join pbx_link l on l.lease_owner = c.id and l.lease_expires_at > clock_timestamp()
     where c.seen_at > clock_timestamp() - $1::float8 * interval '1 millisecond'
     group by c.id order by c.id`,
    [ttlMs],
  );
  const [links] = await transaction.query<{ total: number; free: number }>(
    `select count(*)::integer as total, (count(*) filter (where ${isFree}))::integer as free
     from pbx_link l join pbx p on p.id = l.pbx_id where ${isLeasable}`,
  );
  return { replicas, total: links?.total ?? 0, free: links?.free ?? 0 };
}

const isFree = '(l.lease_expires_at is null or l.lease_expires_at <= clock_timestamp())';

/** Besides the wanted ones, those whose holder died before it could say that the link is closed. */
const isLeasable = `((${isWanted}) or l.open)`;

/** A lease just taken: the PBX, and how its last holder left the link. */
export interface TakenLease {
  readonly config: PbxConfig;
  readonly epoch: number;
  /** The last holder published a connect and no disconnect. */
  readonly open: boolean;
  /** How long ago it was handed over on purpose; null where its holder vanished, or there was none. */
  readonly handedOverMsAgo: number | null;
  /** Who let it expire. */
  readonly takenFrom: string | null;
  /** When its lease ran out, in milliseconds before now; null where it was given back. */
  readonly expiredMsAgo: number | null;
  /** Since when the link was in the state in which it was left. */
  readonly leftMsAgo: number;
  readonly failures: number;
  readonly startMark: string | null;
  /** When the last snapshot was published, in milliseconds before now. */
  readonly snapshotMsAgo: number | null;
}

interface TakenRow extends PbxConfig {
  readonly epoch: string;
  readonly open: boolean;
  readonly handed_over_ms_ago: number | null;
  readonly taken_from: string | null;
  readonly expired_ms_ago: number | null;
  readonly left_ms_ago: number;
  readonly failures: number;
  readonly start_mark: string | null;
  readonly snapshot_ms_ago: number | null;
}

/** Takes up to `max` leases that nobody holds. What others are taking at this moment is passed over, never waited for. */
export async function takeLeases(
  transaction: Transaction,
  replica: Replica,
  { ttlMs, max }: LeaseTerms & { readonly max: number },
): Promise<TakenLease[]> {
  if (max <= 0) return [];
  const rows = await transaction.query<TakenRow>(taking, [replica.id, ttlMs, max]);
  return rows.map((row) => ({
    config: configOf(row),
    epoch: Number(row.epoch),
    open: row.open,
    handedOverMsAgo: row.handed_over_ms_ago,
    takenFrom: row.taken_from,
    expiredMsAgo: row.expired_ms_ago,
    leftMsAgo: row.left_ms_ago,
    failures: row.failures,
    startMark: row.start_mark,
    snapshotMsAgo: row.snapshot_ms_ago,
  }));
}

const msAgo = (column: string): string =>
  `(extract(epoch from clock_timestamp() - ${column}) * 1000)::float8`;

const taking = `
  with free as (
    select l.pbx_id, l.lease_owner as taken_from, ${msAgo('l.handed_over_at')} as handed_over_ms_ago,
      ${msAgo('l.lease_expires_at')} as expired_ms_ago, ${msAgo('l.since')} as left_ms_ago
    from pbx_link l join pbx p on p.id = l.pbx_id
    where ${isFree} and ${isLeasable}
    order by l.pbx_id limit $3 for update of l skip locked
  )
  update pbx_link l
  set lease_owner = $1, lease_expires_at = ${later('$2')}, epoch = l.epoch + 1, handed_over_at = null,
    -- How a link stood when its holder died is no news of how it stands.
    state = case when free.taken_from is null then l.state else 'idle' end,
    since = case when free.taken_from is null then l.since else clock_timestamp() end
  from free join pbx p on p.id = free.pbx_id
  where l.pbx_id = free.pbx_id
  returning ${configColumns}, l.epoch, l.open, free.handed_over_ms_ago, free.taken_from,
    free.expired_ms_ago, free.left_ms_ago, l.failures, l.start_mark,
    ${msAgo('l.snapshot_at')} as snapshot_ms_ago`;

/** A lease as its holder knows it. Whatever is written under it is written only while it is still held. */
export interface Lease {
  readonly pbx: PbxId;
  readonly owner: string;
  readonly epoch: number;
}

/**
 * Gives a lease back, so that anybody may take it at once. A hand-over says that the link was well until this moment,
 * so that its successor need not publish that it was lost. Returns whether it was still held.
 */
export async function releaseLease(
  transaction: Transaction,
  { pbx, owner, epoch }: Lease,
  { handOver }: { readonly handOver: boolean },
): Promise<boolean> {
  const released = await transaction.query(
    `update pbx_link set lease_owner = null, lease_expires_at = null,
       handed_over_at = case when $4 then clock_timestamp() end
     where pbx_id = $1 and lease_owner = $2 and epoch = $3 returning pbx_id`,
    [pbx, owner, epoch, handOver],
  );
  return released.length > 0;
}

/** A replica says good-bye. Those that died without a word are forgotten along the way. */
export async function removeReplica(transaction: Transaction, id: string): Promise<void> {
  await transaction.query(
    `delete from connector where id = $1 or seen_at < now() - ${forgetConnectorsAfter}`,
    [id],
  );
}

/** Who else is alive: whether there is anybody to hand links over to. */
export async function otherReplicas(
  transaction: Transaction,
  id: string,
  { ttlMs }: LeaseTerms,
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `select id from connector
     where id <> $1 and seen_at > clock_timestamp() - $2::float8 * interval '1 millisecond' order by id`,
    [id, ttlMs],
  );
  return rows.map((row) => row.id);
}
