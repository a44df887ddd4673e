import type { CallRow } from '@trunkline/realtime-client';

/** Under which heading a call stands. */
export type Group = 'coming' | 'connected' | 'held';
export const groups: readonly Group[] = ['coming', 'connected', 'held'];

/** Which calls are on screen, and where; by key. */
export type Placement = ReadonlyMap<string, Group>;

export interface Placed {
  readonly placement: Placement;
  /** Open calls that wait to be shown. */
  readonly waiting: number;
}

export const rowKey = ({ pbx, call }: Pick<CallRow, 'pbx' | 'call'>): string => `${pbx}/${call}`;

/**
 * Where each call stands. While somebody looks at a row (`isHolding`) nothing moves: rows keep their group, new calls wait,
 * and only what has left goes. Else each stands where its state says; one that has ended stays where it was until it leaves.
 */
export function place(before: Placement, calls: readonly CallRow[], isHolding: boolean): Placed {
  const placement = new Map<string, Group>();
  let waiting = 0;
  for (const call of calls) {
    const key = rowKey(call);
    const known = before.get(key);
    const own = groupOf(call.status);
    if (known !== undefined) placement.set(key, isHolding ? known : (own ?? known));
    else if (own !== null && isHolding) waiting += 1;
    else if (own !== null) placement.set(key, own);
  }
  return { placement: isSame(before, placement) ? before : placement, waiting };
}

/** Remembers where rows stand. Whoever asks for something else (`asked`) sees it at once, though a row is held. */
export function createPlacer() {
  let placed: Placed = { placement: new Map(), waiting: 0 };
  let before: string | null = null;
  return {
    next(calls: readonly CallRow[], isHolding: boolean, asked: string): Placed {
      const isAsked = asked !== before || placed.placement.size === 0;
      before = asked;
      return (placed = place(placed.placement, calls, isHolding && !isAsked));
    },
  };
}

function groupOf(status: CallRow['status']): Group | null {
  if (status === 'calling' || status === 'ringing') return 'coming';
  return status === 'ended' ? null : status;
}

/** The rows of each group; the longest first, so that a new one comes last and moves none. */
export function rowsByGroup(
  placement: Placement,
  calls: readonly CallRow[],
): Readonly<Record<Group, CallRow[]>> {
  const rows: Record<Group, CallRow[]> = { coming: [], connected: [], held: [] };
  for (const call of calls) {
    const group = placement.get(rowKey(call));
    if (group !== undefined) rows[group].push(call);
  }
  for (const group of groups) rows[group].sort(byStart);
  return rows;
}

const byStart = (one: CallRow, other: CallRow): number =>
  Date.parse(one.startedAt) - Date.parse(other.startedAt) || (rowKey(one) < rowKey(other) ? -1 : 1);

/** Whether a call has all the words in its numbers, names or phones. */
export function matches(call: CallRow, text: string): boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const { callerNumber, callerName, calleeNumber, calleeName, did, extensions } = call;
  const told = [callerNumber, callerName, calleeNumber, calleeName, did, ...extensions]
    .join(' ')
    .toLowerCase();
  return words.every((word) => told.includes(word));
}

const isSame = (one: Placement, other: Placement): boolean =>
  one.size === other.size && other.entries().every(([key, group]) => one.get(key) === group);
