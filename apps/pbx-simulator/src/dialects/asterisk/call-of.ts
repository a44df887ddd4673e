import { assertNever } from '@trunkline/service-kit';
import type { Call } from '../../telephony/call.ts';
import type { Happening } from '../../telephony/happening.ts';

/** The call that a happening tells of; null for phones and devices. */
export function callOf(happening: Happening): Call | null {
  switch (happening.kind) {
    case 'leg.created':
    case 'leg.state':
    case 'leg.connectedLine':
    case 'leg.held':
    case 'leg.resumed':
    case 'leg.hangupRequested':
    case 'leg.ended':
    case 'recording.started':
    case 'recording.stopped':
      return happening.leg.call;
    case 'dial':
      return happening.peer.call;
    case 'bridge.created':
    case 'bridge.destroyed':
    case 'bridge.entered':
    case 'bridge.left':
      return happening.bridge.call;
    case 'bridge.merged':
      return happening.into.call;
    case 'transfer.blind':
    case 'picked.up':
      return happening.by.call;
    case 'transfer.attended':
      return happening.first.call;
    case 'call.changed':
    case 'call.transferred':
    case 'call.ended':
      return happening.call;
    case 'device':
    case 'phone.registered':
    case 'phone.presence':
      return null;
    default:
      return assertNever(happening, 'happening');
  }
}
