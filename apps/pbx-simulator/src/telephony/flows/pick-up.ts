import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';
import { connectPeer } from './answer-call.ts';

const PICKUP_CODE = '*8';

/** Another extension takes a call that rings elsewhere. In Asterisk its channel begins as a call of its own. */
export function pickUp(desk: Desk, call: Call, by: string): void {
  const { board } = desk;
  const target = call.legs.find((leg) => leg.state === 'Ringing' && leg.dialledBy !== null);
  const phone = board.phones.get(by);
  if (target === undefined) throw new OrderError(`${call.key} does not ring`);
  if (phone === undefined || !phone.registered || phone.legs.size > 0)
    throw new OrderError(`${by} can't pick up: it is not there or not free`);

  const own = desk.pickupIsCall ? desk.openCall({ kind: 'internal', from: by, to: PICKUP_CODE }) : null;
  const leg = board.createLeg({
    call: own ?? call,
    side: 'callee',
    extension: by,
    line: { number: by, name: phone.name },
    state: 'Ring',
    dialplan: { context: 'internal', exten: PICKUP_CODE, priority: 1, application: 'Pickup', data: '' },
    dialled: PICKUP_CODE,
    ...(target.dialledBy === null ? {} : { dialledBy: target.dialledBy }),
    ...(own === null ? {} : { id: own.key }),
  });
  if (own !== null) {
    board.refreshDevice(leg);
    desk.changed(own);
  }
  board.tell({ kind: 'picked.up', by: leg, target });
  if (own !== null) {
    board.moveLeg(leg, call);
    call.mergedKeys.push(own.key);
    desk.closeCall(own, 'normal');
  }
  connectPeer(desk, leg);
  desk.changed(call);
}
