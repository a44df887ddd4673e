import type { TransferOrder } from '../../contract/call-plan.ts';
import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';
import { dialplanOf } from '../dialplans.ts';
import type { Leg } from '../leg.ts';
import { answerCall } from './answer-call.ts';
import { placeCall } from './place-call.ts';
import { ringFrom, ringTargets } from './ring-targets.ts';

export function transferCall(desk: Desk, call: Call, { by, to, kind }: TransferOrder): void {
  const leg = call.legs.find((one) => one.extension === by);
  const other = leg?.bridge?.legs.find((one) => one !== leg);
  if (leg === undefined || other === undefined) throw new OrderError(`${by} talks to nobody in ${call.key}`);
  if (call.legs.length !== 2)
    throw new OrderError(`${call.key} has ${call.legs.length} parties, only two can be parted`);
  if (kind === 'blind') transferBlind(desk, leg, other, to);
  else transferAttended(desk, leg, other, to);
}

/** The transferer is out at once, and the other party hears the ringing. */
function transferBlind(desk: Desk, by: Leg, other: Leg, to: string): void {
  const { board } = desk;
  const { call, bridge } = by;
  if (bridge === null) throw new OrderError(`${by.channel} is in no bridge`);
  // Asterisk takes the call off hold first, whether or not it was on hold.
  board.hold(by, false);
  board.tell({ kind: 'transfer.blind', by, transferee: other, bridge, to });
  const kind = board.phones.has(to) ? 'internal' : 'outbound';
  const dialplan = dialplanOf(kind, to, [to], board.trunk);
  other.dialplan = { ...dialplan, priority: 1 };
  board.leave(other);
  board.leave(by);
  board.destroyIfEmpty(bridge);
  board.endLeg(by, { q850: 16 });
  board.refreshDevice(by);
  endStage(desk, call);
  other.dialplan = dialplan;
  board.tell({ kind: 'call.transferred', call, touched: [by, other] });
  ringFrom(desk, other, [to]);
}

/**
 * The transferer puts the other on hold, calls `to` on its second line, and joins the two by leaving: the consultation,
 * until then a call of its own, becomes part of the older call.
 */
function transferAttended(desk: Desk, by: Leg, other: Leg, to: string): void {
  const { board } = desk;
  const { call, bridge } = by;
  if (bridge === null || by.extension === null) throw new OrderError(`${by.channel} can't consult anybody`);
  const phone = board.phones.get(to);
  if (phone === undefined || !phone.registered || phone.doNotDisturb || phone.legs.size > 0)
    throw new OrderError(`${to} can't be consulted: it is not there or not free`);

  if (!by.holds) board.hold(by, true);
  desk.changed(call);
  const consultation = placeCall(desk, { kind: 'internal', from: by.extension, to });
  ringTargets(desk, consultation);
  answerCall(desk, consultation, to);
  const [second, target] = consultation.legs;
  const secondBridge = second?.bridge ?? null;
  if (second === undefined || target === undefined || secondBridge === null)
    throw new OrderError(`${to} was not reached`);

  board.tell({ kind: 'bridge.merged', into: bridge, from: secondBridge });
  board.leave(target);
  board.moveLeg(target, call);
  board.enter(bridge, target);
  by.holds = false;
  board.tell({
    kind: 'transfer.attended',
    first: by,
    second,
    transferee: other,
    target,
    bridge,
    secondBridge,
  });
  board.leave(second);
  board.leave(by);
  board.destroyIfEmpty(secondBridge);
  board.setConnected(target, other.line);
  board.setConnected(other, target.line);
  board.endLeg(second, { q850: 16 });
  board.endLeg(by, { q850: 16 });
  for (const one of [second, other, target]) board.refreshDevice(one);
  endStage(desk, call);
  call.stages.push({
    from: other.line.number,
    to,
    startedAt: board.now(),
    answeredAt: board.now(),
    endedAt: null,
    callerLeg: other,
    calleeLeg: target,
  });
  call.mergedKeys.push(consultation.key);
  board.tell({ kind: 'call.transferred', call, touched: [by, other, target] });
  desk.changed(call);
  desk.closeCall(consultation, 'normal');
}

function endStage({ board }: Desk, call: Call): void {
  const stage = call.stages.at(-1);
  if (stage !== undefined) stage.endedAt ??= board.now();
}
