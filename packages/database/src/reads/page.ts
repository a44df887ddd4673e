import { ReadError } from './read-error.ts';

/** One page, newest first. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
}

export interface PageRequest {
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

/** More on one page would be more than a screen or a response should hold. */
export const pageLimits = { default: 50, max: 500 } as const;

export function limitOf({ limit = pageLimits.default }: PageRequest): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageLimits.max) return limit;
  throw new ReadError(`The limit must be a whole number from 1 to ${pageLimits.max}.`);
}

/**
 * Turns rows into a page. One row more than the limit was asked for: it proves that there is a next page, without which a
 * last page that happens to be full would promise another.
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  positionOf: (row: Row) => readonly string[],
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? writeCursor(positionOf(last)) : null;
  return { items: shown.map(itemOf), next };
}

/** A cursor is the place of the last row seen, so that what is inserted meanwhile moves nothing. */
const writeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

const cursorLengthMax = 2_000;

/** The parts of a cursor, each of which must look as it should: it comes from outside. */
export function readCursor(cursor: string, shapes: readonly RegExp[]): string[] {
  const parts = cursor.length > cursorLengthMax ? null : parse(Buffer.from(cursor, 'base64url').toString());
  if (
    Array.isArray(parts) &&
    parts.length === shapes.length &&
    parts.every((part, index) => typeof part === 'string' && shapes[index]?.test(part) === true)
  )
    return parts as string[];
  throw new ReadError('The cursor is not one that was given with a page.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** A time in all its microseconds, as PostgreSQL writes it in UTC. */
export const timeShape = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;
export const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
export const keyShape = /^[^\u0000-\u001f\u007f]{1,256}$/u;
