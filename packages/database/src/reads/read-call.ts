import type { CallKey, PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import {
  cleanupRunColumns,
  cleanupRunOf,
  isClosedBy,
  type CleanupRunRow,
  type ListedCleanupRun,
} from './cleanup-runs.ts';
import { listedCallColumns, listedCallOf, type ListedCall, type ListedCallRow } from './listed-call.ts';
import { openSpans } from './open-spans.ts';

/** Something that was said of a call, as it was said. */
export interface TrailEntry {
  readonly at: Date;
  readonly type: string;
  readonly version: string;
  readonly payload: unknown;
  readonly traceparent: string | null;
}

export interface CallRecording {
  readonly recording: string;
  readonly readyAt: Date;
  readonly durationSeconds: number | null;
}

export interface CallCleanup extends ListedCleanupRun {
  /** What it did with this call. */
  readonly outcome: string;
  readonly why: string | null;
}

/** A call with all that is known of how it came to be what it is. */
export interface CallDetail extends ListedCall {
  /** In the order of the PBX's own words, at most `trailMax` of them. */
  readonly trail: readonly TrailEntry[];
  readonly moreTrail: boolean;
  readonly cleanups: readonly CallCleanup[];
  readonly recordings: readonly CallRecording[];
}

export const trailMax = 1_000;

/** Calls by their own name: it is unique within its PBX only. */
export async function findCalls(
  transaction: Transaction,
  call: string,
  { tenant = null, pbx = null }: { readonly tenant?: TenantId | null; readonly pbx?: PbxId | null } = {},
): Promise<ListedCall[]> {
  const rows = await transaction.query<ListedCallRow>(
    `select ${listedCallColumns} from pbx p join call c on c.pbx_id = p.id and c.call_key = $1
     where ($2::uuid is null or p.tenant_id = $2) and ($3::uuid is null or p.id = $3) order by p.name, p.id`,
    [call, tenant, pbx],
  );
  return rows.map(listedCallOf);
}

/** One call; null where there is none. */
export async function readCall(
  transaction: Transaction,
  { pbx, call }: { readonly pbx: PbxId; readonly call: CallKey },
): Promise<CallDetail | null> {
  const [found] = await findCalls(transaction, call, { pbx });
  if (found === undefined) return null;
  const said = await readTrail(transaction, pbx, call);
  const trail = said.slice(0, trailMax);
  return {
    ...found,
    trail,
    moreTrail: said.length > trailMax,
    cleanups: await readCleanups(transaction, pbx, call, trail),
    recordings: await readRecordings(transaction, pbx, call),
  };
}

type TrailRow = Omit<TrailEntry, 'at' | 'payload'> & { readonly at: string; readonly payload: string };

async function readTrail(transaction: Transaction, pbx: PbxId, call: CallKey): Promise<TrailEntry[]> {
  const rows = await transaction.query<TrailRow>(
    `select at, type, version::text as version, payload, traceparent from call_event
     where pbx_id = $1 and subject = $2 and (type like 'call.%' or type like 'sweep.%')
     order by call_event.version, at limit $3`,
    [pbx, call, trailMax + 1],
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at), payload: JSON.parse(row.payload) as unknown }));
}

/**
 * What closed it as it is now shown; the first lost link in each stretch in which it was open, though it may have spoken
 * again since; and whatever sweeps did with it. A snapshot that closed it and was overruled later leaves no trace here.
 */
const touching = `
  with spans as (select * from unnest($3::bigint[], $4::bigint[]) as span (first, next)),
  touched as (
    select r.id, 'ended' as outcome, c.hangup_cause as why, r.happened_at as at
    from call c join cleanup_run r on ${isClosedBy}
    where c.pbx_id = $1 and c.call_key = $2 and r.kind <> 'sweep'
    union
    select r.id, 'ended', r.cause, r.happened_at
    from spans cross join lateral (
      select * from cleanup_run r
      where r.pbx_id = $1 and r.kind = 'disconnect' and not r.spared and r.finished_at is not null
        and r.version > spans.first and (spans.next is null or r.version < spans.next)
      order by r.version limit 1
    ) r
    union
    select run_id, outcome, why, at from cleanup_run_call where pbx_id = $1 and call_key = $2
  )
  select ${cleanupRunColumns}, touched.outcome, touched.why
  from touched join cleanup_run r on r.id = touched.id left join pbx p on p.id = r.pbx_id
  order by touched.at, r.id, touched.outcome limit 200`;

async function readCleanups(
  transaction: Transaction,
  pbx: PbxId,
  call: CallKey,
  trail: readonly TrailEntry[],
): Promise<CallCleanup[]> {
  const spans = openSpans(trail);
  const rows = await transaction.query<CleanupRunRow & Pick<CallCleanup, 'outcome' | 'why'>>(touching, [
    pbx,
    call,
    spans.map(({ from }) => from),
    spans.map(({ to }) => to),
  ]);
  return rows.map((row) => ({ ...cleanupRunOf(row), outcome: row.outcome, why: row.why }));
}

async function readRecordings(transaction: Transaction, pbx: PbxId, call: CallKey): Promise<CallRecording[]> {
  const rows = await transaction.query<Omit<CallRecording, 'readyAt'> & { readyAt: string }>(
    `select recording_key as recording, ready_at as "readyAt", duration_seconds as "durationSeconds"
     from recording where pbx_id = $1 and call_key = $2 order by ready_at, recording_key limit 200`,
    [pbx, call],
  );
  return rows.map((row) => ({ ...row, readyAt: new Date(row.readyAt) }));
}
