import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';
import { dialplanOf } from '../dialplans.ts';
import { ringFrom } from './ring-targets.ts';

export interface OriginateOrder {
  readonly from: string;
  readonly to: string;
  /** The id of the first channel, where the client chooses it. */
  readonly id?: string;
  readonly callerName?: string;
}

/** The PBX rings the caller's own phone first. Null where that can't be: no such phone, or not there. */
export function originateCall(desk: Desk, { from, to, id, callerName }: OriginateOrder): Call | null {
  const { board } = desk;
  const phone = board.phones.get(from);
  if (phone === undefined || !phone.registered || phone.doNotDisturb || phone.legs.size > 0) return null;
  const kind = board.phones.has(to) ? 'internal' : 'outbound';
  const call = desk.openCall({ kind, from, to, ...(id === undefined ? {} : { key: id }) });
  const leg = board.createLeg({
    call,
    side: 'caller',
    extension: from,
    line: { number: from, name: callerName ?? phone.name },
    state: 'Down',
    dialplan: {
      context: 'internal',
      exten: to,
      priority: 1,
      application: 'AppDial2',
      data: '(Outgoing Line)',
    },
    dialled: to,
    id: call.key,
  });
  board.dial(null, leg, '', from);
  board.setState(leg, 'Ringing');
  board.dial(null, leg, 'RINGING', from);
  board.refreshDevice(leg);
  call.rang = true;
  desk.changed(call);
  return call;
}

/** The caller has picked up its phone; now the other side is dialled. */
export function answerOriginated(desk: Desk, call: Call): void {
  const { board } = desk;
  const leg = call.legs.find((one) => one.dialledBy === null);
  if (leg === undefined || leg.state !== 'Ringing')
    throw new OrderError(`the caller of ${call.key} is not rung`);
  board.setState(leg, 'Up');
  board.dial(null, leg, 'ANSWER', leg.line.number);
  board.refreshDevice(leg);
  leg.dialplan = dialplanOf(call.kind, call.dialled, call.targets, board.trunk);
  desk.changed(call);
  ringFrom(desk, leg, call.targets);
}
