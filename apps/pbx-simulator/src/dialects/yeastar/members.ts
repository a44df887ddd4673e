import { answersFirst } from '../../telephony/dialplans.ts';
import type { Call } from '../../telephony/call.ts';
import type { Leg } from '../../telephony/leg.ts';

export type Member = Readonly<Partial<Record<'extension' | 'inbound' | 'outbound', object>>>;

/** A leg as the vendor lists it: an object with one key, which says what kind of party it is. */
export function memberOf(leg: Leg, call: Call): Member {
  const common = {
    channel_id: leg.channel,
    member_status: memberStatusOf(leg, call),
    call_path: callPathOf(call),
  };
  if (leg.extension !== null) return { extension: { number: leg.extension, ...common } };
  const trunk = { trunk_name: call.trunk ?? 'pstn', ...common };
  return leg.side === 'caller'
    ? { inbound: { from: leg.line.number, to: call.dialled, ...trunk } }
    : { outbound: { from: call.caller.number, to: leg.line.number, ...trunk } };
}

function memberStatusOf(leg: Leg, call: Call): string {
  // A leg that has moved on to another call has left this one.
  if (leg.ended || leg.call !== call) return 'BYE';
  if (leg.holds) return 'HOLD';
  if (leg.state === 'Up') return leg.side === 'caller' ? 'ANSWERED' : 'ANSWER';
  if (leg.side === 'caller') return leg.state === 'Ringing' ? 'RING' : 'ALERT';
  // A 183 from the provider in half of the calls, as providers differ.
  return leg.extension === null && Number.parseInt(leg.protocolId.slice(-1), 16) % 2 === 0
    ? 'EARLYMEDIA'
    : 'RING';
}

/** Filled when the call passed a queue, group, menu or conference: its number. */
function callPathOf({ kind, reached }: Call): string {
  return kind === 'group' || answersFirst(kind) ? reached : '';
}
