import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';
import { connectPeer } from './answer-call.ts';
import { dialPeer, ringPeer, targetOf } from './dial-peers.ts';

/** One more extension is called into the conversation, and answers. */
export function joinCall(desk: Desk, call: Call, extension: string): void {
  const inviting = call.legs.find((leg) => leg.bridge !== null);
  const phone = desk.board.phones.get(extension);
  if (inviting === undefined) throw new OrderError(`nobody talks in ${call.key}`);
  if (phone === undefined || !phone.registered || phone.doNotDisturb || phone.legs.size > 0)
    throw new OrderError(`${extension} can't join: it is not there or not free`);
  const peer = dialPeer(desk, inviting, targetOf(desk, extension));
  ringPeer(desk, peer);
  desk.changed(call);
  connectPeer(desk, peer);
  desk.changed(call);
}
