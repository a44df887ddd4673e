import { findLeg, isLive, type Call, type Leg } from './call.ts';
import { partyOf } from './fields.ts';
import type { Member, MemberStatus } from './frames.ts';

/** More than any call has; beyond it legs that have gone make room, and where none has, a new leg is left out. */
export const LEGS_MAX = 64;

/**
 * Merges members into a call. A frame may tell of some members only, so what it leaves out stays as it is. A channel
 * that said BYE never comes back: its name is not used twice within a call.
 */
export function foldMembers(call: Call, members: readonly Member[], tick: number): void {
  for (const member of members) foldMember(call, member, tick);
  noteWhoWent(call, members);
}

function foldMember(call: Call, member: Member, tick: number): void {
  const leg = findLeg(call, member.channel) ?? addLeg(call, member);
  if (leg === null) return;
  leg.heardAt = tick;
  if (member.status !== null && leg.status !== 'BYE') leg.status = member.status;
  leg.role ??= roleOf(call, leg);
  if (isRinging(member.status)) call.ringing = true;
  if (leg.number !== '' && rings(member.status) && leg.role !== 'caller') note(call.rang, leg.number);
  learnRoute(call, leg, member);
  learnParties(call, leg, member);
}

function addLeg(call: Call, { side, channel, number, from, to }: Member): Leg | null {
  if (call.legs.length >= LEGS_MAX && !dropGoneLeg(call)) return null;
  const party = side === 'outbound' ? to : from;
  const leg: Leg = { channel, side, number, party, role: null, status: null, heardAt: 0 };
  call.legs.push(leg);
  return leg;
}

function dropGoneLeg(call: Call): boolean {
  const gone = call.legs.findIndex((leg) => !isLive(leg));
  if (gone !== -1) call.legs.splice(gone, 1);
  return gone !== -1;
}

function roleOf(call: Call, { side, status, number }: Leg): Leg['role'] {
  if (side === 'inbound') return 'caller';
  if (side === 'outbound') return 'called';
  if (number !== '' && number === call.dialledFor) return 'caller';
  if (status === 'ALERT' || status === 'ANSWERED') return 'caller';
  return status === 'RING' || status === 'EARLYMEDIA' || status === 'ANSWER' ? 'called' : null;
}

const rings = (status: MemberStatus | null): boolean => status === 'RING' || status === 'EARLYMEDIA';
const isRinging = (status: MemberStatus | null): boolean => status === 'ALERT' || rings(status);

/**
 * Inbound comes before outbound comes before internal. Internal is told only when both sides are known to be
 * extensions: with frames of a single member, the outside leg may be told last, and a direction once told stays.
 */
function learnRoute(call: Call, leg: Leg, { to, trunk }: Member): void {
  if (leg.side === 'inbound') {
    call.direction = 'inbound';
    if (call.did === '') call.did = partyOf(to)?.number ?? '';
  } else if (leg.side === 'outbound') {
    if (call.direction !== 'inbound') call.direction = 'outbound';
  } else {
    call.direction ??= hasBothRoles(call) ? 'internal' : undefined;
  }
  if (call.trunk === '') call.trunk = trunk;
}

function hasBothRoles(call: Call): boolean {
  let caller = false;
  let called = false;
  for (const { role } of call.legs) {
    caller ||= role === 'caller';
    called ||= role === 'called';
  }
  return caller && called;
}

function learnParties(call: Call, leg: Leg, { to, path }: Member): void {
  if (leg.side === 'inbound') {
    call.caller = partyOf(leg.party) ?? call.caller;
    call.dialled = partyOf(to) ?? call.dialled;
  } else if (leg.role === 'caller') {
    call.caller ??= partyOfLeg(leg);
    if (path !== '') call.dialled ??= partyOf(path);
  } else if (leg.role === 'called') {
    call.dialled ??= partyOf(path) ?? partyOfLeg(leg);
  }
}

export const partyOfLeg = (leg: Leg) => (leg.number === '' ? partyOf(leg.party) : { number: leg.number });

export function note(numbers: string[], number: string): void {
  if (numbers.length < LEGS_MAX && !numbers.includes(number)) numbers.push(number);
}

/** Only one and the same frame tells for certain who went first; frames of single members come in any order. */
function noteWhoWent(call: Call, members: readonly Member[]): void {
  if (call.answered || !members.some(({ status }) => status === 'BYE')) return;
  let callerWent = false;
  let calledRings = false;
  let calledWent = false;
  for (const { channel, status } of members) {
    const role = findLeg(call, channel)?.role;
    callerWent ||= role === 'caller' && status === 'BYE';
    calledRings ||= role === 'called' && rings(status);
    calledWent ||= role === 'called' && status === 'BYE';
  }
  if (callerWent && calledRings) call.gaveUp = true;
  if (calledWent && !callerWent) call.calledWentFirst = true;
}
