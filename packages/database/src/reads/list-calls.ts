import type { Transaction } from '../transaction.ts';
import { addCallConditions, waysOfExtension, wantsEnded, wantsOpen, type CallFilter } from './call-filter.ts';
import { Conditions } from './conditions.ts';
import { listedCallColumns, listedCallOf, type ListedCall, type ListedCallRow } from './listed-call.ts';
import {
  keyShape,
  limitOf,
  pageOf,
  readCursor,
  timeShape,
  uuidShape,
  type Page,
  type PageRequest,
} from './page.ts';

/**
 * A page of calls, newest first: by start, then PBX and key. A cursor stands for a place in that order, so calls that
 * begin meanwhile change nothing behind it; one whose start turns out to be earlier than was known may be met again.
 *
 * From each PBX at most one page is taken from its history, and what is open, and the newest of all are shown.
 */
export async function listCalls(
  transaction: Transaction,
  filter: CallFilter = {},
  request: PageRequest = {},
): Promise<Page<ListedCall>> {
  const limit = limitOf(request);
  if (!wantsOpen(filter) && !wantsEnded(filter)) return { items: [], next: null };
  const { statement, parameters } = listing(filter, limit, request.after);
  const rows = await transaction.query<ListedCallRow>(statement, parameters);
  return pageOf(rows, limit, listedCallOf, ({ startedAt, pbx, call }) => [startedAt, pbx, call]);
}

/** The statement of a page, for a filter that something can pass; also for whoever wants to see its plan. */
export function listing(
  filter: CallFilter,
  limit: number,
  after?: string,
): { readonly statement: string; readonly parameters: unknown[] } {
  const pbxs = new Conditions();
  if (filter.tenant !== undefined) pbxs.add(`p.tenant_id = ${pbxs.bind(filter.tenant)}`);
  if (filter.pbx !== undefined) pbxs.add(`p.id = ${pbxs.bind(filter.pbx)}`);
  const calls = new Conditions();
  calls.parameters.push(...pbxs.parameters);
  calls.add('c.pbx_id = p.id');
  const { extension, ...others } = filter;
  addCallConditions(calls, others);
  if (after !== undefined) addPosition(calls, after);
  const rows = calls.bind(limit + 1);
  const newest = (order: string): string => `order by ${order} limit ${rows}`;
  const ways = extension === undefined ? ['true'] : waysOfExtension(calls.bind(extension));
  const ended = ways.map(
    (way) =>
      `select * from call c where ${calls.sql} and ${way} and c.status = 'ended' ${newest('c.started_at desc, c.call_key desc')}`,
  );
  const branches = [
    ...(wantsOpen(filter)
      ? [
          `select * from call c where ${calls.sql} and (${ways.map((way) => `(${way})`).join(' or ')}) and c.status <> 'ended'`,
        ]
      : []),
    ...(wantsEnded(filter) ? ended : []),
  ];
  // Whoever is found in two ways is one call. Without a phone nothing is found twice, and need not be compared.
  const union = ways.length > 1 ? ' union ' : ' union all ';
  const statement = `
    select ${listedCallColumns}
    from pbx p cross join lateral (${branches.map((branch) => `(${branch})`).join(union)}) c
    where ${pbxs.sql} ${newest('c.started_at desc, c.pbx_id desc, c.call_key desc')}`;
  return { statement, parameters: calls.parameters };
}

/** The first condition is implied by the second and says it in the way an index understands. */
function addPosition(conditions: Conditions, cursor: string): void {
  const parts = readCursor(cursor, [timeShape, uuidShape, keyShape]);
  const [startedAt, pbx, call] = parts.map((part) => conditions.bind(part));
  conditions.add(`c.started_at <= ${startedAt}::timestamptz`);
  conditions.add(`(c.started_at, c.pbx_id, c.call_key) < (${startedAt}::timestamptz, ${pbx}::uuid, ${call})`);
}
