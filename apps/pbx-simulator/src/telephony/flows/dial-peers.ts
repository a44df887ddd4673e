import type { Desk } from '../desk.ts';
import type { Leg } from '../leg.ts';

export interface Target {
  /** Null for an outside number. */
  readonly extension: string | null;
  readonly number: string;
}

/** Creates the called leg and announces that it is being dialled; whether it rings is not known yet. */
export function dialPeer({ board }: Desk, caller: Leg, { extension, number }: Target): Leg {
  const { call } = caller;
  const queued = caller.dialplan.application === 'Queue';
  const name = extension === null ? '' : (board.phones.get(extension)?.name ?? '');
  const peer = board.createLeg({
    call,
    side: 'callee',
    extension,
    line: { number, name },
    state: 'Down',
    dialplan: { context: 'internal', exten: 's', priority: 1, application: '', data: '' },
    dialled: number,
    dialledBy: caller,
  });
  peer.dialplan = {
    context: 'internal',
    exten: caller.dialplan.exten,
    priority: 1,
    application: queued ? 'AppQueue' : 'AppDial',
    data: '(Outgoing Line)',
  };
  board.setConnected(peer, caller.line);
  const dialString = extension === null ? `${number}@${board.trunk}` : queued ? peer.device : extension;
  board.dial(caller, peer, '', dialString);
  return peer;
}

export function ringPeer({ board }: Desk, peer: Leg): void {
  board.setState(peer, 'Ringing');
  if (peer.dialledBy !== null) board.dial(peer.dialledBy, peer, 'RINGING');
  board.refreshDevice(peer);
  peer.call.rang = true;
}

export function targetOf({ board }: Desk, number: string): Target {
  return { extension: board.phones.has(number) ? number : null, number };
}
