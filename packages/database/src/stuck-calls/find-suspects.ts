import type {
  ExtensionNumber,
  Instant,
  PbxId,
  StuckCallLimits,
  Suspicion,
  TenantId,
} from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { openCallColumns, openCallOf, type CallPlace, type OpenCall, type OpenCallRow } from './open-call.ts';

export interface SuspectSearch {
  readonly limits: Pick<StuckCallLimits, 'answeredMs' | 'unansweredMs'>;
  /** [STUCK3] By the plain time rule earlier answers of the PBX don't count. */
  readonly byTimeAlone?: boolean | undefined;
  readonly tenant?: TenantId | undefined;
  readonly pbx?: PbxId | undefined;
  readonly extension?: ExtensionNumber | undefined;
  /** These and no others. */
  readonly calls?: readonly CallPlace[] | undefined;
  /** The database's own clock unless given. */
  readonly now?: Instant | undefined;
}

/** A stretch of the open calls, by PBX and key. */
export interface SuspectPage {
  readonly after?: CallPlace | undefined;
  readonly through?: CallPlace | undefined;
  readonly size: number;
}

export interface Suspect extends OpenCall {
  readonly why: Suspicion;
}

/**
 * [STUCK1] as SQL; a property test holds it equal to the domain's `suspect`. Served by the partial index of open calls in
 * its own order, so that its cost follows the open calls and never the history.
 */
const statement = `
  with moment as (
    select coalesce(to_timestamp($1::float8 / 1000), date_trunc('milliseconds', statement_timestamp())) as now
  )
  select ${openCallColumns('moment.now')},
    case when c.answered_at is null then 'unanswered_too_long' else 'answered_too_long' end as why
  from moment, call c
  where c.status <> 'ended'
    and greatest(coalesce(c.answered_at, c.started_at), case when $4 then null else c.verified_at end)
      < moment.now - (case when c.answered_at is null then $3::float8 else $2::float8 end) * interval '1 millisecond'
    and ($5::uuid is null or c.tenant_id = $5)
    and ($6::uuid is null or c.pbx_id = $6)
    and ($7::text is null or $7 = any(c.extensions))
    and ($8::uuid is null or (c.pbx_id, c.call_key) > ($8, $9::text))
    and ($10::uuid is null or (c.pbx_id, c.call_key) <= ($10, $11::text))
    and ($13::text is null or (c.pbx_id, c.call_key) in (
      select chosen.pbx, chosen.call from json_to_recordset($13::json) as chosen (pbx uuid, call text)))
  order by c.pbx_id, c.call_key
  limit $12::integer`;

/** One page of the suspects, by PBX and key. The next one begins after the last of this one. */
export async function findSuspects(
  transaction: Transaction,
  { limits, byTimeAlone = false, tenant, pbx, extension, calls, now }: SuspectSearch,
  { after, through, size }: SuspectPage,
): Promise<Suspect[]> {
  const rows = await transaction.query<OpenCallRow & { why: Suspicion }>(statement, [
    now ?? null,
    limits.answeredMs,
    limits.unansweredMs,
    byTimeAlone,
    tenant ?? null,
    pbx ?? null,
    extension ?? null,
    after?.pbx ?? null,
    after?.call ?? null,
    through?.pbx ?? null,
    through?.call ?? null,
    size,
    calls === undefined ? null : JSON.stringify(calls),
  ]);
  return rows.map((row) => ({ ...openCallOf(row), why: row.why }));
}
