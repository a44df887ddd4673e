import type { CallRow, ExtensionRow } from '@trunkline/realtime-client';
import type { NamedCall } from '../../calls/known-parties.ts';

export type PhoneState = ExtensionRow['status'];
export const phoneStates: readonly PhoneState[] = ['online', 'ringing', 'incall', 'busy', 'offline'];

/** What a tile shows. The same object until something of it changes. */
export interface Phone {
  readonly key: string;
  readonly pbx: string;
  readonly number: string;
  readonly name: string | null;
  readonly status: PhoneState;
  /** Since when it is in this state, by the server's clock. */
  readonly since: number;
  /** Who is at the other end, and which way the call went. */
  readonly other: string | null;
  readonly way: 'from' | 'to' | null;
  readonly call: string | null;
  readonly revision: number;
}

export const phoneKey = (pbx: string, extension: string): string => `${pbx}/${extension}`;

/** A phone as its tile shows it; `before` is what the tile showed until now. */
export function phoneOf(
  row: ExtensionRow,
  calls: readonly (CallRow & NamedCall)[],
  before: Phone | undefined,
): Phone {
  const { pbx, extension: number, name, status, lastSeenAt, revision } = row;
  const call = callOf(status, calls);
  const party = call === null ? null : partyOf(call, number);
  const told = call === null ? null : sinceOf(status, call);
  // The same state said again is no new state.
  const stays = before?.status === status && before.call === (call?.call ?? null);
  const since = told ?? (stays ? before.since : Date.parse(lastSeenAt));
  const phone: Phone = {
    key: phoneKey(pbx, number),
    pbx,
    number,
    name,
    status,
    since,
    other: party?.other ?? null,
    way: party?.way ?? null,
    call: call?.call ?? null,
    revision,
  };
  return before !== undefined && looksTheSame(before, phone) ? before : phone;
}

/** The call that explains the state. A phone may have several: what rings counts while it rings. */
function callOf(status: PhoneState, calls: readonly (CallRow & NamedCall)[]): (CallRow & NamedCall) | null {
  if (status === 'ringing') return calls.find(isRinging) ?? null;
  if (status === 'incall' || status === 'busy') return calls.find(isTalking) ?? calls[0] ?? null;
  return null;
}

const isRinging = ({ status }: CallRow): boolean => status === 'ringing' || status === 'calling';
const isTalking = ({ status }: CallRow): boolean => status === 'connected' || status === 'held';

function partyOf(
  call: CallRow & NamedCall,
  number: string,
): { readonly other: string | null; readonly way: 'from' | 'to' } {
  const { callerNumber, callerName, calleeNumber, calleeName, did, knownCaller, knownCallee } = call;
  return callerNumber === number
    ? { other: knownCallee ?? calleeNumber ?? calleeName, way: 'to' }
    : { other: knownCaller ?? callerNumber ?? callerName ?? did, way: 'from' };
}

function sinceOf(status: PhoneState, { startedAt, answeredAt }: CallRow): number | null {
  if (status === 'ringing') return Date.parse(startedAt);
  return answeredAt === null ? null : Date.parse(answeredAt);
}

function looksTheSame(one: Phone, other: Phone): boolean {
  return (
    one.status === other.status &&
    one.since === other.since &&
    one.other === other.other &&
    one.way === other.way &&
    one.name === other.name &&
    one.call === other.call &&
    one.revision === other.revision
  );
}
