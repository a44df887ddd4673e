import { LinkError } from '../port/fault.ts';
import { placeOf } from '../transport/endpoint.ts';
import { isFields, wholeNumberOf, type Fields } from './fields.ts';
import type { Rest } from './rest.ts';

const PAGE_SIZE = 200;
/** With the page size, as many rows as the largest snapshot may have. */
const PAGES_MAX = 500;

interface PagedList {
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Stops without a complaint after so many pages, for lists of which a part will do. */
  readonly enoughPages?: number;
}

/**
 * All rows of a list, or an error: a page that is short of the promised number, or a number that changes on the way,
 * must never look like a shorter list.
 */
export async function readPages(rest: Rest, list: PagedList, signal: AbortSignal): Promise<Fields[]> {
  const rows: Fields[] = [];
  let total: number | null = null;
  for (let page = 1; page <= PAGES_MAX; page++) {
    const query = { ...list.query, page: String(page), page_size: String(PAGE_SIZE) };
    const fields = await rest.find({ name: list.name, query }, signal);
    if (fields === null && page === 1) return [];
    const promised = fields === null ? null : wholeNumberOf(fields.total_number);
    if (promised === null || promised < 0) throw brokenList(rest, list.name, 'tells no total number');
    if (total !== null && promised !== total) throw brokenList(rest, list.name, 'changed while it was read');
    total = promised;
    const before = rows.length;
    addRows(rest, list.name, fields?.data, rows);
    if (rows.length > total) throw brokenList(rest, list.name, 'has more rows than promised');
    if (rows.length === total || page === list.enoughPages) return rows;
    if (rows.length === before) throw brokenList(rest, list.name, 'has fewer rows than promised');
  }
  throw brokenList(rest, list.name, `has more than ${PAGES_MAX} pages`);
}

function addRows(rest: Rest, name: string, data: unknown, rows: Fields[]): void {
  if (data === undefined || data === null) return;
  if (!Array.isArray(data)) throw brokenList(rest, name, 'holds no list');
  for (const row of data as unknown[]) {
    if (!isFields(row)) throw brokenList(rest, name, 'holds rows that are no objects');
    rows.push(row);
  }
}

/** `protocol` would stop the link; a list that can't be had right now is asked for again. */
export const brokenList = (rest: Rest, name: string, problem: string): LinkError =>
  new LinkError({ kind: 'starting' }, `${placeOf(rest.site.endpoint)}: the list ${name} ${problem}.`);
