import type { CallRow } from '@trunkline/realtime-client';
import { rungPhoneOf, type Watched } from './rung-phone.ts';

/** What came and went unseen rings no more: a ring that began longer ago, and is heard of only now, is shown and not heard. */
export const freshMs = 10_000;
/** "Answered by 1043" stays so long. */
export const elsewhereMs = 2_000;
/** "Connection lost, this call may have ended" stays so long. */
export const lostMs = 5_000;
/** Nobody wants to hear it for longer. */
export const soundMs = 60_000;

export type Phase = 'ringing' | 'elsewhere' | 'lost';

/** One dialog. */
export interface Ring {
  readonly key: string;
  readonly call: CallRow;
  /** The phone that rings. */
  readonly phone: string;
  readonly phase: Phase;
  /** Of `elsewhere`: who answered. */
  readonly by: string | null;
  /** Since when it rings as far as this page knows. */
  readonly since: number;
  /** When the notice of a phase that passes closes by itself. */
  readonly until: number | null;
  readonly isSilenced: boolean;
  /** It began a moment ago, and is of a phone that may be heard. */
  readonly mayRing: boolean;
}

export interface Incoming {
  /** By call, in the order in which they came. */
  readonly rings: ReadonlyMap<string, Ring>;
  /** Rings that a person has closed, until they end. */
  readonly dismissed: ReadonlySet<string>;
  /** PBXs that nobody can tell anything of just now. */
  readonly lost: ReadonlySet<string>;
  readonly isConnected: boolean;
}

export type IncomingEvent =
  /** What was said of calls. `isLive`: as it happened. `isAll`: there are no others. */
  | {
      readonly type: 'calls';
      readonly calls: readonly CallRow[];
      readonly isLive: boolean;
      readonly isAll: boolean;
    }
  /** A link is lost or back, and the calls that are known of at this moment. */
  | {
      readonly type: 'link';
      readonly pbx: string;
      readonly isOpen: boolean;
      readonly calls: readonly CallRow[];
    }
  | { readonly type: 'connection-lost' }
  | { readonly type: 'connection-back'; readonly calls: readonly CallRow[] }
  | { readonly type: 'silenced'; readonly key: string }
  | { readonly type: 'dismissed'; readonly key: string }
  /** Other phones are watched from now on. */
  | { readonly type: 'watched'; readonly calls: readonly CallRow[] }
  | { readonly type: 'time' };

export interface Now {
  readonly at: number;
  readonly watched: Watched;
}

export const nothingIncoming: Incoming = {
  rings: new Map(),
  dismissed: new Set(),
  lost: new Set(),
  isConnected: true,
};

export const keyOfCall = ({ pbx, call }: Pick<CallRow, 'pbx' | 'call'>): string => `${pbx}/${call}`;

/**
 * Which dialogs there are after an event. Whatever the order and the number of events:
 *
 * 1. a call has one dialog at most;
 * 2. a call that has ended, was answered, or rings nobody who is watched has no ringing dialog;
 * 3. a PBX whose link is lost has no dialog at all, and none opens before the link is back;
 * 4. without a connection nothing rings;
 * 5. a dialog that was dismissed stays closed while its call rings on.
 *
 * The same object comes back where nothing changes.
 */
export function afterIncoming(state: Incoming, event: IncomingEvent, now: Now): Incoming {
  switch (event.type) {
    case 'calls':
      return hearCalls(state, event, now);
    case 'link':
      return event.isOpen ? linkBack(state, event.pbx, event.calls, now) : linkLost(state, event.pbx);
    case 'connection-lost':
      return connectionLost(state, now);
    case 'connection-back':
      return hearCalls({ ...state, isConnected: true }, { ...event, isLive: false, isAll: true }, now);
    case 'silenced':
      return silence(state, event.key);
    case 'dismissed':
      return dismiss(state, event.key);
    case 'watched':
      return hearCalls(state, { ...event, isLive: false, isAll: true }, now);
    case 'time':
    default:
      return dropOverdue(state, now);
  }
}

/** The sound goes on as long as there is one reason for it. */
export const wantsSound = ({ rings, isConnected }: Incoming, at: number): boolean =>
  isConnected && rings.values().some((ring) => isHeard(ring, at));

export const isHeard = ({ phase, mayRing, isSilenced, since }: Ring, at: number): boolean =>
  phase === 'ringing' && mayRing && !isSilenced && at - since < soundMs;

/** When something changes by itself, if nothing else does before. */
export function nextChangeAt({ rings }: Incoming, at: number): number | null {
  const times = [...rings.values()].flatMap((ring) =>
    ring.until !== null ? [ring.until] : isHeard(ring, at) ? [ring.since + soundMs] : [],
  );
  return times.length === 0 ? null : Math.min(...times);
}

type Heard = Extract<IncomingEvent, { type: 'calls' }>;

function hearCalls(
  before: Incoming,
  { calls, isLive, isAll }: Pick<Heard, 'calls' | 'isLive' | 'isAll'>,
  now: Now,
) {
  let state = before;
  for (const call of calls) state = hearCall(state, call, isLive, now);
  if (!isAll) return state;
  const told = new Set(calls.map(keyOfCall));
  for (const key of [...state.rings.keys(), ...state.dismissed]) {
    if (!told.has(key)) state = close(state, key);
  }
  return state;
}

function hearCall(state: Incoming, call: CallRow, isLive: boolean, now: Now): Incoming {
  const key = keyOfCall(call);
  const ring = state.rings.get(key);
  const rung = state.lost.has(call.pbx) ? null : rungPhoneOf(call, now.watched);
  if (rung !== null) {
    if (state.dismissed.has(key) || !state.isConnected) return state;
    return put(state, key, ring === undefined ? opened(call, rung, isLive, now) : goesOn(ring, call, rung));
  }
  if (ring === undefined) return forgetDismissed(state, key);
  const by = ring.phase === 'ringing' && !state.lost.has(call.pbx) ? answeredBy(call, ring.phone) : null;
  if (by !== null)
    return put(state, key, { ...ring, call, phase: 'elsewhere', by, until: now.at + elsewhereMs });
  return ring.phase === 'elsewhere' && call.status !== 'ended' ? state : close(state, key);
}

function opened(
  call: CallRow,
  { phone, isHeard: maySound }: NonNullable<ReturnType<typeof rungPhoneOf>>,
  isLive: boolean,
  { at }: Now,
): Ring {
  // What happens now began now; what is heard of later began when its call did, at the earliest.
  const began = Date.parse(call.startedAt);
  const since = isLive || Number.isNaN(began) ? at : Math.min(began, at);
  return {
    key: keyOfCall(call),
    call,
    phone,
    phase: 'ringing',
    by: null,
    since,
    until: null,
    isSilenced: false,
    mayRing: maySound && at - since <= freshMs,
  };
}

function goesOn(
  ring: Ring,
  call: CallRow,
  { phone, isHeard: maySound }: { phone: string; isHeard: boolean },
): Ring {
  const same = ring.phase === 'ringing' && ring.call === call && ring.phone === phone;
  if (same && (maySound || !ring.mayRing)) return ring;
  // Back after it was thought lost: it is shown again, and stays silent where it has rung for long.
  return { ...ring, call, phone, phase: 'ringing', by: null, until: null, mayRing: ring.mayRing && maySound };
}

/** Who took a call that this phone does not take part in any more. */
function answeredBy(call: CallRow, phone: string): string | null {
  const isAnswered = call.status === 'connected' || call.status === 'held';
  if (!isAnswered || call.extensions.includes(phone)) return null;
  return call.extensions.find((one) => one !== call.callerNumber) ?? null;
}

function linkLost(state: Incoming, pbx: string): Incoming {
  if (state.lost.has(pbx)) return state;
  const ofOthers = (key: string): boolean => !key.startsWith(`${pbx}/`);
  return {
    ...state,
    lost: new Set([...state.lost, pbx]),
    rings: new Map([...state.rings].filter(([key]) => ofOthers(key))),
  };
}

function linkBack(state: Incoming, pbx: string, calls: readonly CallRow[], now: Now): Incoming {
  if (!state.lost.has(pbx)) return state;
  const lost = new Set([...state.lost].filter((one) => one !== pbx));
  const own = calls.filter((call) => call.pbx === pbx);
  return hearCalls({ ...state, lost }, { calls: own, isLive: false, isAll: false }, now);
}

function connectionLost(state: Incoming, { at }: Now): Incoming {
  const rings = new Map<string, Ring>();
  for (const [key, ring] of state.rings) {
    if (ring.phase === 'ringing') rings.set(key, { ...ring, phase: 'lost', until: at + lostMs });
    else if (ring.phase === 'lost') rings.set(key, ring);
  }
  return { ...state, rings, isConnected: false };
}

function silence(state: Incoming, key: string): Incoming {
  const ring = state.rings.get(key);
  return ring === undefined || ring.isSilenced ? state : put(state, key, { ...ring, isSilenced: true });
}

function dismiss(state: Incoming, key: string): Incoming {
  const ring = state.rings.get(key);
  if (ring === undefined) return state;
  const closed = close(state, key);
  return ring.phase === 'elsewhere' ? closed : { ...closed, dismissed: new Set([...state.dismissed, key]) };
}

function dropOverdue(state: Incoming, { at }: Now): Incoming {
  const due = [...state.rings.values()].filter(({ until }) => until !== null && until <= at);
  return due.reduce((left, { key }) => removeRing(left, key), state);
}

function put(state: Incoming, key: string, ring: Ring): Incoming {
  if (state.rings.get(key) === ring) return state;
  return { ...state, rings: new Map(state.rings).set(key, ring) };
}

function removeRing(state: Incoming, key: string): Incoming {
  if (!state.rings.has(key)) return state;
  return { ...state, rings: new Map([...state.rings].filter(([one]) => one !== key)) };
}

function forgetDismissed(state: Incoming, key: string): Incoming {
  if (!state.dismissed.has(key)) return state;
  return { ...state, dismissed: new Set([...state.dismissed].filter((one) => one !== key)) };
}

const close = (state: Incoming, key: string): Incoming => forgetDismissed(removeRing(state, key), key);
