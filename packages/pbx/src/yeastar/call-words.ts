import type { Party, Route } from '@trunkline/domain';
import type { EventPayload, PbxSnapshot, Said } from '../port/words.ts';
import { isLive, type Call, type CallEnd } from './call.ts';
import { statusOf } from './call-status.ts';
import type { CallRecord } from './frames.ts';

/** Tells the name of an extension, where the list of extensions told it. */
export type NameOf = (number: string) => string | undefined;

// Fields that aren't known are there and undefined: objects of one shape are several times faster to make than ones put
// together from parts, and a word is made for most frames.

export function openWord(call: Call, nameOf: NameOf, at: number): Said {
  const payload = {
    call: call.key,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    caller: named(call.caller, nameOf),
    callee: named(calleeOf(call), nameOf),
    route: routeOf(call),
    extensions: liveExtensions(call),
    at,
  };
  return { kind: 'said', type: openTypes[statusOf(call)], payload };
}

const openTypes = {
  calling: 'call.calling',
  ringing: 'call.ringing',
  connected: 'call.connected',
  held: 'call.held',
} as const;

export function endedWord(call: Call, end: CallEnd, nameOf: NameOf, at: number): Said {
  const payload = {
    call: call.key,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    caller: named(call.caller, nameOf),
    callee: named(call.answeredBy ?? call.dialled, nameOf),
    route: routeOf(call),
    extensions: [...(call.talked.length > 0 ? call.talked : call.rang)],
    at,
    endedAt: end.at,
    cause: end.cause,
    talkSeconds: end.talkSeconds ?? undefined,
  };
  return { kind: 'said', type: 'call.ended', payload };
}

export const snapshotCall = (call: Call, nameOf: NameOf): PbxSnapshot['calls'][number] => ({
  call: call.key,
  startedAt: call.startedAt,
  answeredAt: call.answeredAt,
  caller: named(call.caller, nameOf),
  callee: named(calleeOf(call), nameOf),
  route: routeOf(call),
  extensions: liveExtensions(call),
  status: statusOf(call),
});

export const recordingReady = ({ recording, call, talkSeconds }: CallRecord, at: number): Said => ({
  kind: 'said',
  type: 'recording.ready',
  payload: {
    recording,
    at,
    call,
    ...(talkSeconds > 0 ? { durationSeconds: Math.min(talkSeconds, 7 * 24 * 3600) } : {}),
  },
});

/**
 * Who was dialled is told only when the direction is known: a phone that rings may be all that was told yet of a call
 * that came from outside and dialled another number. What is told first of a party stays.
 */
const calleeOf = ({ answeredBy, dialled, direction }: Call): Party | undefined =>
  answeredBy ?? (direction === undefined ? undefined : dialled);

function named(party: Party | undefined, nameOf: NameOf): Party | undefined {
  if (party === undefined || party.name !== undefined) return party;
  const name = nameOf(party.number);
  return name === undefined ? party : { number: party.number, name };
}

function routeOf({ direction, trunk, did }: Call): Route | undefined {
  if (direction === undefined) return undefined;
  return { direction, trunk: trunk === '' ? undefined : trunk, did: did === '' ? undefined : did };
}

function liveExtensions(call: Call): string[] {
  const numbers: string[] = [];
  for (const leg of call.legs)
    if (leg.number !== '' && isLive(leg) && !numbers.includes(leg.number)) numbers.push(leg.number);
  return numbers;
}

type CallPayload = EventPayload<'call.ended'>;

/** Whether a reader would learn nothing from the second word that the first did not tell. */
export function tellsTheSame(one: Said, other: Said): boolean {
  if (one.type !== other.type) return false;
  const a = one.payload as CallPayload;
  const b = other.payload as CallPayload;
  return (
    a.startedAt === b.startedAt &&
    a.answeredAt === b.answeredAt &&
    a.endedAt === b.endedAt &&
    a.cause === b.cause &&
    a.talkSeconds === b.talkSeconds &&
    isSameParty(a.caller, b.caller) &&
    isSameParty(a.callee, b.callee) &&
    isSameRoute(a.route, b.route) &&
    isSameList(a.extensions ?? [], b.extensions ?? [])
  );
}

const isSameParty = (one: Party | undefined, other: Party | undefined): boolean =>
  one === other || (one?.number === other?.number && one?.name === other?.name);

const isSameRoute = (one: Route | undefined, other: Route | undefined): boolean =>
  one === other ||
  (one?.direction === other?.direction && one?.trunk === other?.trunk && one?.did === other?.did);

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((number, index) => number === other[index]);
