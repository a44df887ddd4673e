import type { Version } from './version.ts';

/**
 * What decides between two statements about the same thing. [KEY1] They compare by `asOf`, the version whose state a
 * statement speaks of; then by `said`, the version at which it was published; then by `rank`, which is 1 for a closing
 * of our own, so that it beats the very word it was derived from and nothing later.
 */
export interface StatementKey {
  readonly asOf: Version;
  readonly said: Version;
  readonly rank: 0 | 1;
}

/** [KEY2] A PBX's event speaks of the moment it was published. */
export const keyOfEvent = (version: Version): StatementKey => ({ asOf: version, said: version, rank: 0 });

/** [KEY3] A snapshot published at `said` speaks of the state after `asOf`, however late it arrives. */
export const keyOfSnapshot = (asOf: Version, said: Version): StatementKey => ({ asOf, said, rank: 0 });

/** [KEY4] A closing of our own stands just above the word that was observed, below whatever the PBX says next. */
export const keyOfClosing = (observed: StatementKey): StatementKey => ({ ...observed, rank: 1 });

export function compareKeys(one: StatementKey, other: StatementKey): number {
  if (one.asOf !== other.asOf) return one.asOf < other.asOf ? -1 : 1;
  if (one.said !== other.said) return one.said < other.said ? -1 : 1;
  return one.rank - other.rank;
}

export const isAbove = (one: StatementKey, other: StatementKey): boolean => compareKeys(one, other) > 0;
