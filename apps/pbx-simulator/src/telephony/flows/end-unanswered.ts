import type { EndCause } from '../../contract/ledger.ts';
import type { Desk } from '../desk.ts';
import type { DialStatus } from '../happening.ts';
import type { Leg, LegCause } from '../leg.ts';

interface Ending {
  readonly dialStatus: DialStatus;
  readonly caller: LegCause;
  readonly peer: LegCause;
  /** The called side says so first. */
  readonly peerAsks: boolean;
}

/** How Asterisk tells that an attempt failed. The dialplan hangs up the caller with the cause that it learnt. */
const endings: Record<EndCause, Ending> = {
  no_answer: { dialStatus: 'NOANSWER', caller: { q850: 19, sip: 480 }, peer: { q850: 0 }, peerAsks: false },
  busy: { dialStatus: 'BUSY', caller: { q850: 17, sip: 486 }, peer: { q850: 17, sip: 486 }, peerAsks: true },
  rejected: {
    dialStatus: 'NOANSWER',
    caller: { q850: 21, sip: 403 },
    peer: { q850: 21, sip: 603 },
    peerAsks: true,
  },
  bad_number: {
    dialStatus: 'NOANSWER',
    caller: { q850: 1, sip: 404 },
    peer: { q850: 1, sip: 404 },
    peerAsks: true,
  },
  congestion: {
    dialStatus: 'CONGESTION',
    caller: { q850: 34, sip: 503 },
    peer: { q850: 34, sip: 503 },
    peerAsks: true,
  },
  offline: {
    dialStatus: 'NOANSWER',
    caller: { q850: 20, sip: 480 },
    peer: { q850: 20, sip: 480 },
    peerAsks: true,
  },
  abandoned: {
    dialStatus: 'CANCEL',
    caller: { q850: 127, sip: 487 },
    peer: { q850: 127, sip: 500 },
    peerAsks: false,
  },
  voicemail: { dialStatus: 'NOANSWER', caller: { q850: 16 }, peer: { q850: 0 }, peerAsks: false },
  normal: { dialStatus: 'CANCEL', caller: { q850: 16 }, peer: { q850: 16 }, peerAsks: false },
  restarted: { dialStatus: 'CANCEL', caller: { q850: 16 }, peer: { q850: 16 }, peerAsks: false },
};

/** Nobody is reached and the whole call is over: `caller` and all that it made ring. */
export function endUnanswered(desk: Desk, caller: Leg, cause: EndCause): void {
  const { board } = desk;
  const { call } = caller;
  desk.beginEnd(call);
  const ending = endings[cause];
  const givesUp = cause === 'abandoned';
  // A caller that the PBX has picked up for can't cancel: it hangs up like anybody in a call.
  const callerCause: LegCause = givesUp && caller.state === 'Up' ? { q850: 16 } : ending.caller;
  const peerCause: LegCause = givesUp && caller.state === 'Up' ? { q850: 0 } : ending.peer;

  if (givesUp) board.requestHangup(caller, callerCause);
  for (const peer of call.legs.filter((leg) => leg !== caller)) {
    if (ending.peerAsks) board.requestHangup(peer, peerCause);
    board.dial(caller, peer, ending.dialStatus);
    board.leave(peer);
    board.endLeg(peer, peerCause);
    board.refreshDevice(peer);
  }
  if (!givesUp && ending.dialStatus !== 'CANCEL') {
    const { context } = caller.dialplan;
    const exten = `dial-${ending.dialStatus}`;
    caller.dialplan = { context, exten, priority: 1, application: 'Hangup', data: String(callerCause.q850) };
  }
  if (cause === 'busy' && caller.state === 'Ring') {
    board.setState(caller, 'Busy');
    board.requestHangup(caller, callerCause);
  }
  board.requestHangup(caller, { ...callerCause, q850: 16 }, true);
  const { bridge } = caller;
  board.leave(caller);
  board.destroyIfEmpty(bridge);
  board.endLeg(caller, callerCause);
  board.refreshDevice(caller);
  desk.closeCall(call, cause);
}

/** One of several phones that ring says no; the others go on. */
export function refusePeer(desk: Desk, peer: Leg, cause: EndCause): void {
  const { board } = desk;
  const { peer: peerCause, dialStatus } = endings[cause];
  board.requestHangup(peer, peerCause);
  if (peer.dialledBy !== null) board.dial(peer.dialledBy, peer, dialStatus);
  board.endLeg(peer, peerCause);
  board.refreshDevice(peer);
  desk.changed(peer.call);
}
