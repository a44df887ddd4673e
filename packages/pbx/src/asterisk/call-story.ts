import type { Route } from '@trunkline/domain';
import type { Call } from './call.ts';
import { isCalled, partyOf } from './call-view.ts';
import { isParty, type Leg } from './leg.ts';

/**
 * What a leg's state says of its call: who called, that somebody rings, who talks. It is asked again whenever the leg
 * is heard, and may be asked as often as one likes.
 */
export function weigh(leg: Leg, seenFromStart: boolean): void {
  const { call } = leg;
  if (!isParty(leg)) return;
  call.hadParty = true;
  if (isUnderWay(leg)) call.underWay = true;
  if (call.callerLeg === null && mayBeCaller(leg)) takeCaller(call, leg, seenFromStart);
  if (leg === call.callerLeg) call.caller = partyOf(leg) ?? call.caller;
  if (leg.state === 'ringing') noteRinging(leg);
  if (leg.state === 'up' && call.answered) noteTalking(leg);
  if ((leg.dialled || leg.state === 'ringing' || leg.state === 'up') && isCalled(call, leg))
    noteCalled(call, leg);
}

/** A ringing leg that nobody is known to have dialled will be told a moment later whose it is. */
const isUnderWay = (leg: Leg): boolean =>
  leg.dialled || (leg.state !== 'down' && (leg.state !== 'ringing' || leg.linkedid !== null));

/**
 * A leg that was not dialled has called. Where the PBX called for somebody, the first who picks up is the one for
 * whom it did.
 */
const mayBeCaller = ({ state, dialled }: Leg): boolean =>
  state === 'up' || (!dialled && (state === 'ring' || state === 'other' || state === 'busy'));

export function takeCaller(call: Call, leg: Leg, seenFromStart: boolean): void {
  call.callerLeg = leg;
  call.caller = partyOf(leg);
  if (!leg.dialled && call.dialled === '') {
    call.dialled = leg.exten;
    call.dialledIsOriginal = seenFromStart;
  }
  if (leg.named.kind === 'trunk') call.route ??= routeOfTrunk(call, leg, leg.named.name);
}

function routeOfTrunk(call: Call, { dialled }: Leg, trunk: string): Route {
  if (dialled) return { direction: 'outbound', trunk };
  const did = call.dialledIsOriginal && call.dialled !== '' ? { did: call.dialled } : {};
  return { direction: 'inbound', trunk, ...did };
}

function noteCalled(call: Call, leg: Leg): void {
  if (call.route !== undefined || call.callerLeg === null) return;
  call.route =
    leg.named.kind === 'trunk' ? { direction: 'outbound', trunk: leg.named.name } : { direction: 'internal' };
}

export function noteRinging(leg: Leg): void {
  leg.call.rang = true;
  if (leg.named.kind === 'extension') leg.call.rangExtensions.add(leg.named.number);
}

function noteTalking(leg: Leg): void {
  if (leg.named.kind === 'extension') leg.call.talkedExtensions.add(leg.named.number);
}

/** A person picked up. `at` is missing where we only found the call answered. */
export function answer(call: Call, by: Leg, at: number | undefined): void {
  if (!call.answered) {
    call.answered = true;
    call.answeredAt = at;
    if (isCalled(call, by)) call.callee = partyOf(by);
    else if (!call.hadParty) tellByGlue(call, call.legs[0] ?? by);
  }
  for (const leg of call.legs) if (leg.state === 'up' || leg === by) noteTalking(leg);
}

/** Two who are up in a room talk to each other; so do two of one call in rooms that glue connects. */
export function answerByRooms(leg: Leg, at: number | undefined): void {
  if (leg.bridge === null || leg.bridge.holding) return;
  const together = [...leg.bridge.legs].filter(isTalking);
  if (together.length >= 2) for (const one of together) answer(one.call, calledOf(one.call, one), at);
  const connected = leg.call.legs.filter(isTalking);
  if (connected.length >= 2) answer(leg.call, calledOf(leg.call, leg), at);
}

const isTalking = (leg: Leg): boolean =>
  leg.state === 'up' && isParty(leg) && leg.bridge !== null && !leg.bridge.holding;

const calledOf = (call: Call, otherwise: Leg): Leg =>
  call.legs.find((leg) => isTalking(leg) && isCalled(call, leg)) ?? otherwise;

/** Where nobody took part but the PBX itself, its glue is all there is to tell who called whom. */
export function tellByGlue(call: Call, leg: Leg): void {
  call.caller ??= leg.number === '' ? undefined : partyOf(leg);
  if (call.dialled === '') call.dialled = leg.exten;
  call.route ??= { direction: 'internal' };
}

const phoneNumber = /^\d{2,6}$/;

/** A call that ended before anybody was called: what was dialled has to tell where it would have gone. */
export function settleRoute(call: Call): void {
  if (call.route !== undefined || call.dialled === '' || call.callerLeg === null) return;
  call.route = { direction: phoneNumber.test(call.dialled) ? 'internal' : 'outbound' };
}
