import { randomUUID } from 'node:crypto';
import type {
  FloorCause,
  Instant,
  LinkDisconnected,
  LinkSnapshot,
  PbxId,
  TenantId,
  Version,
} from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { changesOf, selectChanges, type Changes, type ChangesRow } from '../writes/changes.ts';

/** What screens are told of a cleanup. */
export const shownCleanupRunColumns = `id, pbx_id as pbx, kind, version::text as version, cause, reason,
  happened_at as "happenedAt", counts, spared, due_at as "dueAt", started_at as "startedAt",
  finished_at as "finishedAt", revision`;

export type Counts = Readonly<Record<string, number>>;

/**
 * Notes a cleanup that was done, in its own transaction. One PBX's event has one run, whoever applies it how often: empty
 * where it has one that is finished. One that was waiting is finished by this.
 */
export const storeRun = (
  transaction: Transaction,
  event: LinkDisconnected | LinkSnapshot,
  tenant: TenantId,
  counts: Counts,
): Promise<Changes[]> =>
  changed(
    transaction,
    `insert into cleanup_run as known
       (id, tenant_id, pbx_id, kind, version, cause, reason, happened_at, counts, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), $9, clock_timestamp())
     on conflict (pbx_id, kind, version) do update
       set counts = excluded.counts, finished_at = excluded.finished_at, revision = known.revision + 1
       where known.finished_at is null
     returning known.*`,
    [...factsOf(event, tenant), JSON.stringify(counts)],
  );

/** Notes that a disconnect is to be cleaned up when its grace period is over, or that it need not be. */
export const storeWaitingRun = (
  transaction: Transaction,
  event: LinkDisconnected,
  tenant: TenantId,
  { graceMs, spared }: { readonly graceMs: number; readonly spared: boolean },
): Promise<Changes[]> =>
  changed(
    transaction,
    `insert into cleanup_run
       (id, tenant_id, pbx_id, kind, version, cause, reason, happened_at, due_at, spared, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000),
       clock_timestamp() + $9::float8 * interval '1 millisecond', $10,
       case when $10 then clock_timestamp() end)
     on conflict (pbx_id, kind, version) do nothing
     returning *`,
    [...factsOf(event, tenant), graceMs, spared],
  );

/** A complete snapshot of the state after `asOf` says better what is left of everything that was lost until then. */
export const spareWaitingRuns = (transaction: Transaction, pbx: PbxId, asOf: Version): Promise<Changes[]> =>
  changed(
    transaction,
    `update cleanup_run set spared = true, finished_at = clock_timestamp(), revision = revision + 1
     where kind = 'disconnect' and finished_at is null and pbx_id = $1 and version <= $2
     returning *`,
    [pbx, asOf],
  );

export interface WaitingRun {
  readonly id: string;
  readonly tenant: TenantId;
  readonly version: Version;
  readonly cause: Exclude<FloorCause, 'reconciled'>;
  readonly reason: string;
  readonly at: Instant;
}

/** Disconnects whose grace period is over. The PBX must be locked. */
export async function dueRuns(transaction: Transaction, pbx: PbxId): Promise<WaitingRun[]> {
  const rows = await transaction.query<Omit<WaitingRun, 'version' | 'at'> & { version: string; at: string }>(
    `select id, tenant_id as tenant, version, cause, reason, (extract(epoch from happened_at) * 1000)::bigint as at
     from cleanup_run
     where kind = 'disconnect' and finished_at is null and pbx_id = $1 and due_at <= clock_timestamp()
     order by version`,
    [pbx],
  );
  return rows.map((row) => ({
    ...row,
    version: BigInt(row.version) as Version,
    at: Number(row.at) as Instant,
  }));
}

export const finishRun = (transaction: Transaction, id: string, counts: Counts): Promise<Changes[]> =>
  changed(
    transaction,
    `update cleanup_run set counts = $2, finished_at = clock_timestamp(), revision = revision + 1
     where id = $1 returning *`,
    [id, JSON.stringify(counts)],
  );

function factsOf(event: LinkDisconnected | LinkSnapshot, tenant: TenantId): unknown[] {
  const { pbx, version, at } = event;
  const [kind, cause, reason] =
    event.type === 'link.snapshot'
      ? ['reconcile', 'reconciled', '']
      : ['disconnect', event.cause, event.reason];
  return [randomUUID(), tenant, pbx, kind, version, cause, reason, at];
}

async function changed(
  transaction: Transaction,
  statement: string,
  parameters: unknown[],
): Promise<Changes[]> {
  const sql = `with changed as (${statement}) ${selectChanges(shownCleanupRunColumns)}`;
  return (await transaction.query<ChangesRow>(sql, parameters)).map(changesOf);
}
