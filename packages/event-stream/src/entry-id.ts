/** A Redis stream entry id, `<milliseconds>-<sequence>`. */
export type EntryId = string;

export const BEFORE_FIRST: EntryId = '0-0';

/** Negative when `a` is older than `b`. Compares digit strings by length, then by text: no number parsing. */
export function compareEntryIds(a: EntryId, b: EntryId): number {
  if (a === b) return 0;
  const dashA = a.indexOf('-');
  const dashB = b.indexOf('-');
  return (
    compareDigits(a, 0, dashA, b, 0, dashB) || compareDigits(a, dashA + 1, a.length, b, dashB + 1, b.length)
  );
}

/** The smallest id greater than this one. */
export function entryIdAfter(id: EntryId): EntryId {
  const dash = id.indexOf('-');
  return `${id.slice(0, dash)}-${BigInt(id.slice(dash + 1)) + 1n}`;
}

export function entryIdMs(id: EntryId): number {
  return Number(id.slice(0, id.indexOf('-')));
}

function compareDigits(a: string, fromA: number, toA: number, b: string, fromB: number, toB: number): number {
  const lengths = toA - fromA - (toB - fromB);
  if (lengths !== 0) return lengths;
  const partA = a.slice(fromA, toA);
  const partB = b.slice(fromB, toB);
  if (partA === partB) return 0;
  return partA < partB ? -1 : 1;
}
