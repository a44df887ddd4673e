import type { ExtensionNumber, PbxId, TenantId } from '@trunkline/domain';
import { column, parametersOf, unnested, type Column } from '../columns.ts';
import type { Transaction } from '../transaction.ts';
import { openCallColumns, openCallOf, type CallPlace, type OpenCall, type OpenCallRow } from './open-call.ts';

/** A phone that is shown in several open calls, and what it is shown in: a mark that changes with any word of them. */
export interface DoubleBooking {
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  readonly extension: ExtensionNumber;
  readonly calls: readonly OpenCall[];
  readonly mark: string;
}

export interface DoubleBookings {
  /** Those about which the PBX is to be asked now; whoever gets them here is alone with them for a while. */
  readonly due: readonly DoubleBooking[];
  /** All that there are. */
  readonly total: number;
}

/** Set-based, over the open calls alone: what is shown twice now takes the place of what was shown twice before. */
const looking = `
  with shown as (
    select c.tenant_id, c.pbx_id, e.extension, array_agg(c.call_key order by c.call_key) as calls,
      md5(string_agg(concat_ws(' ', c.call_key, c.word_as_of, c.word_said, c.word_rank), ',' order by c.call_key)) as mark
    from call c cross join lateral (select distinct unnest(c.extensions) as extension) e
    where c.status <> 'ended'
    group by c.tenant_id, c.pbx_id, e.extension having count(*) > 1
  ), over as (
    delete from double_booking d
    where not exists (select from shown s where s.pbx_id = d.pbx_id and s.extension = d.extension)
  )
  insert into double_booking as known (tenant_id, pbx_id, extension, calls, mark)
  select tenant_id, pbx_id, extension, calls, mark from shown order by pbx_id, extension
  on conflict (pbx_id, extension) do update
    set calls = excluded.calls, mark = excluded.mark, ask_after = clock_timestamp()
    where known.mark <> excluded.mark`;

const claiming = `
  with due as (
    select pbx_id, extension from double_booking
    where settled_mark is distinct from mark and ask_after <= clock_timestamp()
    order by ask_after limit $1 for update skip locked
  )
  update double_booking d set ask_after = clock_timestamp() + $2::float8 * interval '1 millisecond'
  from due where d.pbx_id = due.pbx_id and d.extension = due.extension
  returning d.tenant_id as tenant, d.pbx_id as pbx, d.extension, d.mark, array_to_json(d.calls)::text as calls`;

/**
 * Looks for phones that are shown in several open calls, and claims those that the PBX was not asked about since
 * anything changed: for as long as `askAgainMs`, after which they are due again unless they were settled.
 */
export async function findDoubleBookings(
  transaction: Transaction,
  { max, askAgainMs }: { readonly max: number; readonly askAgainMs: number },
): Promise<DoubleBookings> {
  await transaction.query(looking);
  const [counted] = await transaction.query<{ total: number }>(
    'select count(*)::integer as total from double_booking',
  );
  const claimed = await transaction.query<ClaimedRow>(claiming, [max, askAgainMs]);
  const places = claimed.flatMap(placesOf);
  const calls = await readOpenCalls(transaction, places);
  const due = claimed.map((row) => ({
    tenant: row.tenant,
    pbx: row.pbx,
    extension: row.extension,
    mark: row.mark,
    calls: calls.filter(({ pbx, call }) => pbx === row.pbx && keysOf(row).includes(call)),
  }));
  return { due, total: counted?.total ?? 0 };
}

interface ClaimedRow {
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  readonly extension: ExtensionNumber;
  readonly mark: string;
  readonly calls: string;
}

const keysOf = ({ calls }: ClaimedRow): CallPlace['call'][] => JSON.parse(calls) as CallPlace['call'][];
const placesOf = (row: ClaimedRow): CallPlace[] => keysOf(row).map((call) => ({ pbx: row.pbx, call }));

const placeColumns: readonly Column<CallPlace>[] = [
  column('pbx_id', 'uuid', (place: CallPlace) => place.pbx),
  column('call_key', 'text', (place: CallPlace) => place.call),
];

const reading = `
  select ${openCallColumns('clock_timestamp()')} from call c
  where c.status <> 'ended'
    and (c.pbx_id, c.call_key) in (select pbx_id, call_key from ${unnested(placeColumns)})
  order by c.pbx_id, c.call_key`;

/** Some calls as they stand, those that are open. */
export async function readOpenCalls(
  transaction: Transaction,
  places: readonly CallPlace[],
): Promise<OpenCall[]> {
  if (places.length === 0) return [];
  const rows = await transaction.query<OpenCallRow>(reading, parametersOf(placeColumns, places));
  return rows.map(openCallOf);
}

type Settled = Pick<DoubleBooking, 'pbx' | 'extension' | 'mark'>;

const settledColumns: readonly Column<Settled>[] = [
  column('pbx_id', 'uuid', (settled: Settled) => settled.pbx),
  column('extension', 'text', (settled: Settled) => settled.extension),
  column('mark', 'text', (settled: Settled) => settled.mark),
];

/** The PBX has answered about these: it is not asked again before any of their calls changes. */
export async function settleDoubleBookings(
  transaction: Transaction,
  bookings: readonly Settled[],
): Promise<void> {
  if (bookings.length === 0) return;
  await transaction.query(
    `update double_booking d set settled_mark = said.mark from ${unnested(settledColumns)}
     where d.pbx_id = said.pbx_id and d.extension = said.extension and d.mark = said.mark`,
    parametersOf(settledColumns, bookings),
  );
}
