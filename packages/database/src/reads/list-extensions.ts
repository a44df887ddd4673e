import type { ExtensionNumber, ExtensionStatus, PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { Conditions } from './conditions.ts';
import { keyShape, limitOf, pageOf, readCursor, uuidShape, type Page, type PageRequest } from './page.ts';

export interface ListedExtension {
  readonly pbx: PbxId;
  readonly pbxName: string;
  readonly tenant: TenantId;
  readonly number: ExtensionNumber;
  readonly name: string | null;
  readonly status: ExtensionStatus;
  readonly lastSeenAt: Date;
  /** The open calls in which it takes part: more than one is worth a look. */
  readonly openCalls: readonly string[];
  readonly revision: number;
}

export interface ExtensionFilter {
  readonly tenant?: TenantId | undefined;
  readonly pbx?: PbxId | undefined;
  readonly status?: readonly ExtensionStatus[] | undefined;
  readonly number?: string | undefined;
}

type Row = Omit<ListedExtension, 'lastSeenAt' | 'openCalls'> & {
  readonly lastSeenAt: string;
  readonly openCalls: string;
};

/** A page of phones, by PBX and number. */
export async function listExtensions(
  transaction: Transaction,
  { tenant, pbx, status, number }: ExtensionFilter = {},
  request: PageRequest = {},
): Promise<Page<ListedExtension>> {
  const limit = limitOf(request);
  const phones = new Conditions();
  if (tenant !== undefined) phones.add(`e.tenant_id = ${phones.bind(tenant)}`);
  if (pbx !== undefined) phones.add(`e.pbx_id = ${phones.bind(pbx)}`);
  if (status !== undefined) phones.add(`e.status = any(${phones.bind([...status])})`);
  if (number !== undefined) phones.add(`e.number = ${phones.bind(number)}`);
  if (request.after !== undefined) {
    const [last, after] = readCursor(request.after, [uuidShape, keyShape]).map((part) => phones.bind(part));
    phones.add(`(e.pbx_id, e.number) > (${last}::uuid, ${after})`);
  }
  const rows = await transaction.query<Row>(listing(phones, phones.bind(limit + 1)), phones.parameters);
  const itemOf = (row: Row): ListedExtension => ({
    ...row,
    lastSeenAt: new Date(row.lastSeenAt),
    openCalls: JSON.parse(row.openCalls) as string[],
  });
  return pageOf(rows, limit, itemOf, (row) => [row.pbx, row.number]);
}

/** Open calls are gone through once for the page and not once for each phone. */
const listing = (phones: Conditions, limit: string): string => `
  with page as materialized (
    select e.* from extension e where ${phones.sql} order by e.pbx_id, e.number limit ${limit}
  ), engaged as (
    select c.pbx_id, shown.number, json_agg(c.call_key order by c.call_key)::text as calls
    from call c cross join lateral (select distinct unnest(c.extensions) as number) shown
    where c.status <> 'ended' and c.pbx_id in (select pbx_id from page)
    group by c.pbx_id, shown.number
  )
  select e.pbx_id as pbx, p.name as "pbxName", e.tenant_id as tenant, e.number, e.name, e.status,
    e.last_seen_at as "lastSeenAt", coalesce(engaged.calls, '[]') as "openCalls", e.revision
  from page e join pbx p on p.id = e.pbx_id
  left join engaged on engaged.pbx_id = e.pbx_id and engaged.number = e.number
  order by e.pbx_id, e.number`;
