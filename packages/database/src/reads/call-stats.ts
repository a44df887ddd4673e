import type { PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { Conditions } from './conditions.ts';
import { listedCallColumns, listedCallOf, type ListedCall, type ListedCallRow } from './listed-call.ts';
import { defaultSuspicionLimits, lastKnownWell, stuckCondition, type SuspicionLimits } from './stuck.ts';

export interface StatsRequest {
  readonly tenant?: TenantId | undefined;
  readonly pbx?: PbxId | undefined;
  /** Ended calls are counted that began since. */
  readonly sinceMs?: number;
  readonly limits?: SuspicionLimits;
}

export interface StuckCall extends ListedCall {
  readonly why: 'answered_too_long' | 'unanswered_too_long';
  /** Since it was last known to be well. */
  readonly ageMs: number;
}

export interface CallStats {
  /** Open ones by status, and those ended that began in the time asked for. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Ended ones that began in that time. */
  readonly byCause: Readonly<Record<string, number>>;
  readonly stuck: readonly StuckCall[];
  /** Beyond those listed. */
  readonly stuckTotal: number;
  /** Phones that are shown in more than one open call. */
  readonly doubleBooked: readonly {
    readonly pbx: PbxId;
    readonly number: string;
    readonly calls: readonly string[];
  }[];
}

const dayMs = 86_400_000;

/** The list of stuck calls is for people; the total says what is left out. */
const detailsMax = 100;

export async function readCallStats(
  transaction: Transaction,
  { tenant, pbx, sinceMs = dayMs, limits = defaultSuspicionLimits }: StatsRequest = {},
): Promise<CallStats> {
  const scoped = (): Conditions => {
    const conditions = new Conditions();
    if (tenant !== undefined) conditions.add(`p.tenant_id = ${conditions.bind(tenant)}`);
    if (pbx !== undefined) conditions.add(`p.id = ${conditions.bind(pbx)}`);
    return conditions;
  };
  const counts = await readCounts(transaction, scoped(), sinceMs);
  const { stuck, total } = await readStuck(transaction, scoped(), limits);
  return { ...counts, stuck, stuckTotal: total, doubleBooked: await readDoubleBooked(transaction, scoped()) };
}

async function readCounts(
  transaction: Transaction,
  calls: Conditions,
  sinceMs: number,
): Promise<Pick<CallStats, 'byStatus' | 'byCause'>> {
  const since = `now() - ${calls.bind(sinceMs)}::float8 * interval '1 millisecond'`;
  const rows = await transaction.query<{ status: string; cause: string | null; calls: number }>(
    `select counted.status, counted.cause, sum(counted.calls)::integer as calls
     from pbx p cross join lateral (
       (select c.status, null as cause, count(*) as calls from call c
        where c.pbx_id = p.id and c.status <> 'ended' group by c.status)
       union all
       (select 'ended', c.hangup_cause, count(*) from call c
        where c.pbx_id = p.id and c.status = 'ended' and c.started_at >= ${since} group by c.hangup_cause)
     ) counted
     where ${calls.sql} group by counted.status, counted.cause order by calls desc, counted.status, counted.cause`,
    calls.parameters,
  );
  const byStatus: Record<string, number> = {};
  const byCause: Record<string, number> = {};
  for (const row of rows) {
    byStatus[row.status] = (byStatus[row.status] ?? 0) + row.calls;
    if (row.cause !== null) byCause[row.cause] = row.calls;
  }
  return { byStatus, byCause };
}

async function readStuck(
  transaction: Transaction,
  calls: Conditions,
  limits: SuspicionLimits,
): Promise<{ stuck: StuckCall[]; total: number }> {
  calls.add(stuckCondition(calls, limits));
  const rows = await transaction.query<ListedCallRow & { age: number; total: number }>(
    `select ${listedCallColumns}, (extract(epoch from now() - ${lastKnownWell}) * 1000)::float8 as age,
       (count(*) over ())::integer as total
     from pbx p join call c on c.pbx_id = p.id
     where c.status <> 'ended' and ${calls.sql} order by age desc, c.pbx_id, c.call_key limit ${detailsMax}`,
    calls.parameters,
  );
  const stuck = rows.map(({ age, total: _total, ...row }) => ({
    ...listedCallOf(row),
    why: row.answeredAt === null ? ('unanswered_too_long' as const) : ('answered_too_long' as const),
    ageMs: Math.round(age),
  }));
  return { stuck, total: rows[0]?.total ?? 0 };
}

async function readDoubleBooked(
  transaction: Transaction,
  calls: Conditions,
): Promise<CallStats['doubleBooked']> {
  const rows = await transaction.query<{ pbx: PbxId; number: string; calls: string }>(
    `select c.pbx_id as pbx, shown.number, json_agg(c.call_key order by c.call_key)::text as calls
     from pbx p join call c on c.pbx_id = p.id
     cross join lateral (select distinct unnest(c.extensions) as number) shown
     where c.status <> 'ended' and ${calls.sql}
     group by c.pbx_id, shown.number having count(*) > 1 order by c.pbx_id, shown.number limit ${detailsMax}`,
    calls.parameters,
  );
  return rows.map((row) => ({ ...row, calls: JSON.parse(row.calls) as string[] }));
}
