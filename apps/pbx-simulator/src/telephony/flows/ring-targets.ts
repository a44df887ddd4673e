import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';
import { dialplanOf } from '../dialplans.ts';
import type { Leg } from '../leg.ts';
import { dialPeer, ringPeer, targetOf, type Target } from './dial-peers.ts';
import { endUnanswered } from './end-unanswered.ts';

/** The phones that were dialled ring. Where none can, the call ends at once: nobody there, or busy. */
export function ringTargets(desk: Desk, call: Call): void {
  const caller = call.legs[0];
  if (caller === undefined || call.legs.length > 1)
    throw new OrderError(`${call.key} rings already or is over`);
  if (call.kind === 'menu') {
    const [to = ''] = call.targets;
    caller.dialplan = dialplanOf('menu', to, call.targets, desk.board.trunk);
  }
  ringFrom(desk, caller, call.targets);
}

/** `caller` dials these numbers, as at the beginning of a call or after a transfer. */
export function ringFrom(desk: Desk, caller: Leg, numbers: readonly string[]): void {
  const { call } = caller;
  const targets = numbers.map((number) => targetOf(desk, number));
  const there = targets.filter((target) => isThere(desk, target));
  const free = there.filter((target) => isFree(desk, target));
  call.stages.push({
    from: caller.line.number,
    to: numbers[0] ?? '',
    startedAt: desk.board.now(),
    answeredAt: null,
    endedAt: null,
    callerLeg: caller,
    calleeLeg: null,
  });
  if (there.length === 0) {
    endUnanswered(desk, caller, 'offline');
    return;
  }
  // A phone that is in a call is dialled, and refuses.
  const dialled = (free.length > 0 ? free : there.slice(0, 1)).map((target) =>
    dialPeer(desk, caller, target),
  );
  const [first] = dialled;
  const stage = call.stages.at(-1);
  if (stage !== undefined && first !== undefined) stage.calleeLeg = first;
  if (free.length === 0) {
    endUnanswered(desk, caller, 'busy');
    return;
  }
  if (dialled.length === 1 && first !== undefined) desk.board.setConnected(caller, first.line);
  for (const peer of dialled) ringPeer(desk, peer);
  desk.changed(call);
}

function isThere({ board }: Desk, { extension }: Target): boolean {
  return extension === null || board.phones.get(extension)?.registered === true;
}

function isFree({ board }: Desk, { extension }: Target): boolean {
  if (extension === null) return true;
  const phone = board.phones.get(extension);
  return phone !== undefined && phone.legs.size === 0 && !phone.doNotDisturb;
}
