import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';
import type { Leg } from '../leg.ts';

/** One of the phones that ring is picked up; the others stop ringing, but in a conference. */
export function answerCall(desk: Desk, call: Call, by?: string): void {
  const ringing = call.legs.filter((leg) => leg.state === 'Ringing' && leg.dialledBy !== null);
  const peer = by === undefined ? ringing[0] : ringing.find((leg) => leg.line.number === by);
  if (peer === undefined)
    throw new OrderError(`${call.key} does not ring${by === undefined ? '' : ` at ${by}`}`);
  connectPeer(desk, peer);
  desk.changed(call);
}

/** The called leg is up: it and the leg that dialled it meet in a bridge. */
export function connectPeer(desk: Desk, peer: Leg): void {
  const { board } = desk;
  const { call, dialledBy: caller } = peer;
  if (caller === null) throw new OrderError(`${peer.channel} was not dialled by anybody`);
  const queued = caller.dialplan.application === 'Queue';
  const losers =
    call.kind === 'conference'
      ? []
      : call.legs.filter((leg) => leg !== peer && leg.state === 'Ringing' && leg.dialledBy === caller);

  board.setState(peer, 'Up');
  board.refreshDevice(peer);
  if (queued) board.dial(caller, peer, 'ANSWER', peer.device);
  for (const loser of losers) cancel(desk, caller, loser, queued);
  if (!queued) {
    peer.dialplan = { ...peer.dialplan, exten: '' };
    board.dial(caller, peer, 'ANSWER');
  }
  board.setState(caller, 'Up');
  meet(desk, caller, peer);
  noteAnswer(desk, call, peer);
}

function cancel({ board }: Desk, caller: Leg, loser: Leg, queued: boolean): void {
  board.dial(caller, loser, 'CANCEL');
  if (queued) board.dial(caller, loser, 'CANCEL', loser.device);
  board.endLeg(loser, { q850: 26 });
  board.refreshDevice(loser);
}

function meet({ board }: Desk, caller: Leg, peer: Leg): void {
  const bridge = caller.bridge ?? board.createBridge(caller.call);
  board.enter(bridge, peer);
  if (caller.bridge === null) board.enter(bridge, caller);
  board.refreshDevice(caller);
}

function noteAnswer({ board }: Desk, call: Call, peer: Leg): void {
  const now = board.now();
  call.answeredAt ??= now;
  call.answeredBy ??= peer.line.number;
  const stage = call.stages.at(-1);
  if (stage === undefined) return;
  stage.answeredAt ??= now;
  stage.calleeLeg = peer;
  stage.to = peer.line.number;
}
