import type { CallPlan } from '../../contract/call-plan.ts';
import type { Call } from '../call.ts';
import type { Desk } from '../desk.ts';
import { answersFirst, dialplanOf, firstApplication, MENU_NUMBER } from '../dialplans.ts';

/** The caller has dialled. A queue, menu or conference picks up at once; nobody rings yet. */
export function placeCall(desk: Desk, plan: CallPlan): Call {
  const { board } = desk;
  const call = desk.openCall(plan);
  const inside = board.phones.get(call.caller.number);
  const leg = board.createLeg({
    call,
    side: 'caller',
    extension: inside?.number ?? null,
    line: { number: call.caller.number, name: call.caller.name ?? '' },
    state: 'Ring',
    dialplan: {
      context: inside === undefined ? 'from-pstn' : 'internal',
      exten: call.dialled,
      priority: 1,
      application: '',
      data: '',
    },
    dialled: call.dialled,
    id: call.key,
  });
  if (answersFirst(call.kind)) {
    const exten = call.kind === 'menu' ? MENU_NUMBER : plan.to;
    leg.dialplan = { context: 'internal', exten, priority: 1, ...firstApplication(call.kind) };
    board.setState(leg, 'Up');
  }
  if (call.kind !== 'menu') leg.dialplan = dialplanOf(call.kind, plan.to, call.targets, board.trunk);
  board.refreshDevice(leg);
  if (call.kind === 'conference') board.enter(board.createBridge(call, 'conference'), leg);
  desk.changed(call);
  return call;
}
