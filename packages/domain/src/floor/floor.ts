import type { HangupCause } from '../hangup-cause/hangup-cause.ts';
import type { Instant } from '../instant.ts';
import { compareKeys, isAbove, type StatementKey } from '../statement-key.ts';

export type FloorCause = Extract<HangupCause, 'pbx_disconnected' | 'pbx_restarted' | 'reconciled'>;

/**
 * A key at which everything older and still open is closed: raised when the link to a PBX was lost, and by every
 * complete snapshot, which closes what it does not list.
 */
export interface Floor {
  readonly key: StatementKey;
  readonly at: Instant;
  readonly cause: FloorCause;
  /** False for the snapshot of a PBX that can't list its phones: it says nothing about those it leaves out. */
  readonly coversExtensions: boolean;
}

/**
 * [FLOOR1] What a floor closes, the lowest floor above it closes: that is the moment at which an observer who heard
 * everything in order would have closed it.
 */
export function lowestFloorAbove(floors: Iterable<Floor>, key: StatementKey): Floor | undefined {
  let lowest: Floor | undefined;
  for (const floor of floors) {
    if (isAbove(floor.key, key) && (lowest === undefined || compareFloors(floor, lowest) < 0)) lowest = floor;
  }
  return lowest;
}

/** A total order, so that no tie depends on who came first: two floors under one key differ only in broken histories. */
export function compareFloors(one: Floor, other: Floor): number {
  const byKey = compareKeys(one.key, other.key);
  if (byKey !== 0) return byKey;
  if (one.cause !== other.cause) return one.cause < other.cause ? -1 : 1;
  return one.at - other.at;
}
