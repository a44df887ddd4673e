import type { CallStatus, Direction, HangupCause, PbxId, TenantId } from '@trunkline/domain';
import type { Conditions } from './conditions.ts';
import { stuckCondition, type SuspicionLimits } from './stuck.ts';

/** Which calls are wanted. Under a tenant's role only that tenant's are seen, whatever is asked for. */
export interface CallFilter {
  readonly tenant?: TenantId | undefined;
  readonly pbx?: PbxId | undefined;
  readonly status?: readonly CallStatus[] | undefined;
  /** A phone that takes part, or the number of either party. */
  readonly extension?: string | undefined;
  /** Of either party. */
  readonly numberStartsWith?: string | undefined;
  readonly numberEndsWith?: string | undefined;
  readonly direction?: Direction | undefined;
  /** When it started: from then on, and before then. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly cause?: readonly HangupCause[] | undefined;
  readonly stuck?: SuspicionLimits | undefined;
}

/** Sorts after everything that begins alike. */
const last = '\u{10FFFF}';

/** Each way in which an ended call can be one of a phone, as an index finds it. A call may be found in several. */
export const waysOfExtension = (bound: string): string[] => [
  ...[1, 2, 3].map((place) => `c.extensions[${place}] collate "C" = ${bound}`),
  `c.extensions[4] is not null and ${bound} = any(c.extensions)`,
  `c.caller_number collate "C" = ${bound}`,
  `c.callee_number collate "C" = ${bound}`,
];

/** What is asked of a call `c`. Comparisons are in the collation of the indexes. */
export function addCallConditions(conditions: Conditions, filter: CallFilter): void {
  const { status, extension, direction, from, to, cause, stuck } = filter;
  if (status !== undefined) conditions.add(`c.status = any(${conditions.bind([...status])})`);
  if (extension !== undefined) {
    const bound = conditions.bind(extension);
    conditions.add(
      `(${bound} = any(c.extensions) or c.caller_number = ${bound} or c.callee_number = ${bound})`,
    );
  }
  addNumber(conditions, ['caller_number', 'callee_number'], filter.numberStartsWith);
  addNumber(conditions, ['caller_reversed', 'callee_reversed'], reversed(filter.numberEndsWith));
  if (direction !== undefined) conditions.add(`c.direction = ${conditions.bind(direction)}`);
  if (from !== undefined)
    conditions.add(`c.started_at >= ${conditions.bind(from.toISOString())}::timestamptz`);
  if (to !== undefined) conditions.add(`c.started_at < ${conditions.bind(to.toISOString())}::timestamptz`);
  if (cause !== undefined) conditions.add(`c.hangup_cause = any(${conditions.bind([...cause])})`);
  if (stuck !== undefined) conditions.add(stuckCondition(conditions, stuck));
}

/** A range instead of LIKE: row-level security lets an index serve the one and not the other. */
function addNumber(conditions: Conditions, columns: readonly string[], start: string | undefined): void {
  if (start === undefined || start === '') return;
  const [low, high] = [conditions.bind(start), conditions.bind(start + last)];
  const ranges = columns.map(
    (column) => `(c.${column} collate "C" >= ${low} and c.${column} collate "C" < ${high})`,
  );
  conditions.add(`(${ranges.join(' or ')})`);
}

/** By code points, as PostgreSQL reverses. */
const reversed = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Array.from(text).toReversed().join('');

/** Whether any open call, or any ended one, can be among those wanted; what can't need not be looked at. */
export const wantsOpen = ({ status, cause }: CallFilter): boolean =>
  cause === undefined && (status === undefined || status.some((one) => one !== 'ended'));

export const wantsEnded = ({ status, stuck }: CallFilter): boolean =>
  stuck === undefined && (status === undefined || status.includes('ended'));
