import type { CallRow } from '@trunkline/realtime-client';
import { callsCopy } from './copy.ts';

type Parties = Pick<CallRow, 'callerNumber' | 'callerName' | 'calleeNumber' | 'calleeName' | 'did'>;

const ourCauses: ReadonlySet<string> = new Set([
  'pbx_disconnected',
  'pbx_restarted',
  'reconciled',
  'timeout_cleanup',
]);

/** The PBX did not say that the call ended; we closed it. */
export const isClosedByUs = (cause: string | null): boolean => cause !== null && ourCauses.has(cause);

/** A cause that is new to this page is shown as the server calls it. */
export function causeWord(cause: string | null): string {
  if (cause === null) return callsCopy.unknown;
  return callsCopy.causes[cause] ?? cause.replaceAll('_', ' ');
}

export const statusWord = (status: CallRow['status']): string => callsCopy.statuses[status];

export const directionWord = (direction: CallRow['direction']): string =>
  direction === null ? callsCopy.unknown : callsCopy.directions[direction];

export const callerText = ({ callerNumber, callerName }: Parties): string =>
  callerNumber ?? callerName ?? callsCopy.unknownParty;

/** Who is called: the party itself, or while nobody knows that the number that was dialled. */
export const calleeText = ({ calleeNumber, calleeName, did }: Parties): string =>
  calleeNumber ?? calleeName ?? did ?? callsCopy.unknownParty;

type Times = Pick<CallRow, 'status' | 'startedAt' | 'answeredAt' | 'endedAt' | 'talkSeconds'>;

/** How long it is, or was: of an answered call the talk, of another the ringing. Null where nobody knows. */
export function durationMs(
  { status, startedAt, answeredAt, endedAt, talkSeconds }: Times,
  now: number,
): number | null {
  if (status === 'ended') {
    if (talkSeconds !== null && answeredAt !== null) return talkSeconds * 1_000;
    return endedAt === null ? null : between(startedAt, Date.parse(endedAt));
  }
  return between(answeredAt ?? startedAt, now);
}

function between(from: string, to: number): number | null {
  const ms = to - Date.parse(from);
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
