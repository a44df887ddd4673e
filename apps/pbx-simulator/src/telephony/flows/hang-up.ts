import type { EndCause } from '../../contract/ledger.ts';
import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';
import type { Leg } from '../leg.ts';
import { endUnanswered, refusePeer } from './end-unanswered.ts';

/** A party leaves; the call is over when fewer than two are left. */
export function hangUp(desk: Desk, call: Call, by?: string, cause?: EndCause): void {
  const [first] = call.legs;
  if (first === undefined) throw new OrderError(`${call.key} is over`);
  const leg = by === undefined ? first : call.legs.find((one) => one.line.number === by);
  if (leg === undefined) throw new OrderError(`${by ?? 'nobody'} takes no part in ${call.key}`);
  hangUpLeg(desk, leg, { cause, whole: by === undefined });
}

export interface HangUpWish {
  readonly cause?: EndCause | undefined;
  /** All parties leave. */
  readonly whole?: boolean;
}

export function hangUpLeg(desk: Desk, leg: Leg, { cause, whole = false }: HangUpWish): void {
  const { call } = leg;
  const bridged = call.legs.filter((one) => one.bridge !== null);
  if (bridged.length < 2) endRinging(desk, leg, cause);
  else if (leg.state === 'Ringing' && !whole) refusePeer(desk, leg, cause ?? 'rejected');
  else if (bridged.length > 2 && !whole) leaveOthers(desk, leg);
  else endConnected(desk, leg.bridge === null ? (bridged[0] ?? leg) : leg, cause ?? 'normal');
}

function endRinging(desk: Desk, leg: Leg, cause: EndCause | undefined): void {
  const { call } = leg;
  // Whoever is up has nothing to do any more with the one that dialled it, which may be gone after a transfer.
  const caller = leg.state === 'Ringing' ? (leg.dialledBy ?? leg) : leg;
  const others = call.legs.filter((one) => one !== leg && one !== caller);
  if (leg === caller) {
    // After a transfer that nobody has answered yet the caller was in a conversation already: that call ends normally.
    endUnanswered(desk, caller, cause ?? (call.answeredAt === null ? 'abandoned' : 'normal'));
  } else if (others.length > 0) refusePeer(desk, leg, cause ?? 'rejected');
  else endUnanswered(desk, caller, cause ?? 'rejected');
}

/** The others talk on. Phones that the one who leaves has made ring stop. */
function leaveOthers(desk: Desk, leg: Leg): void {
  const { board } = desk;
  board.requestHangup(leg, { q850: 16 });
  for (const peer of leg.call.legs.filter((one) => one.dialledBy === leg && one.state === 'Ringing')) {
    board.dial(leg, peer, 'CANCEL');
    board.endLeg(peer, { q850: 0 });
    board.refreshDevice(peer);
  }
  board.leave(leg);
  board.endLeg(leg, { q850: 16 });
  board.refreshDevice(leg);
  desk.changed(leg.call);
}

/** In the order in which Asterisk tells it: who hangs up leaves first, then the others, then the channels go. */
function endConnected(desk: Desk, leg: Leg, cause: EndCause): void {
  const { board } = desk;
  const { call, bridge } = leg;
  desk.beginEnd(call);
  if (call.recording !== null) board.tell({ kind: 'recording.stopped', leg: call.legs[0] ?? leg });
  const legs = [leg, ...call.legs.filter((one) => one !== leg)];
  board.requestHangup(leg, { q850: 16 });
  for (const one of legs) {
    board.leave(one);
    if (one.side === 'caller') board.requestHangup(one, { q850: 16 }, true);
  }
  board.destroyIfEmpty(bridge);
  for (const one of legs) board.endLeg(one, { q850: one.state === 'Ringing' ? 0 : 16 });
  for (const one of legs) board.refreshDevice(one);
  desk.closeCall(call, cause);
}
