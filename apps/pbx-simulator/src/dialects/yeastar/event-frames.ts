import { assertNever } from '@trunkline/service-kit';
import type { ActiveFaults } from '../../faults/active-faults.ts';
import type { Chance } from '../../random.ts';
import type { Call } from '../../telephony/call.ts';
import { isReached } from '../../telephony/derive-call.ts';
import type { Happening } from '../../telephony/happening.ts';
import type { Leg } from '../../telephony/leg.ts';
import type { DeviceState, Phone } from '../../telephony/phone.ts';
import { detailsOf, failureReasons } from './details.ts';
import { memberOf } from './members.ts';

export const SERIAL = '3631A2124000';

/** An event before it is text: its topic decides who gets it. */
export interface Frame {
  readonly topic: number;
  readonly text: string;
}

interface FramesContext {
  readonly faults: ActiveFaults;
  readonly chance: Chance;
  readonly at: (realMs: number) => number;
}

/** What the vendor says of a happening: nothing, one frame or several. */
export function framesOf(happening: Happening, context: FramesContext): Frame[] {
  switch (happening.kind) {
    case 'call.changed':
      return isReached(happening.call) ? memberFrames(happening.call, happening.touched, context.faults) : [];
    case 'call.transferred':
      return [memberFrame(30013, happening.call, listed(happening.call, happening.touched))];
    case 'call.ended':
      return happening.call.lostHangup ? [] : endFrames(happening.call, happening.touched, context);
    case 'device':
      return happening.phone === null ? [] : extensionStateFrames(happening.phone, happening.state);
    case 'phone.registered':
      return [registrationFrame(happening.phone)];
    case 'phone.presence':
      return [presenceFrame(happening.phone)];
    case 'leg.created':
    case 'leg.state':
    case 'leg.connectedLine':
    case 'leg.held':
    case 'leg.resumed':
    case 'leg.hangupRequested':
    case 'leg.ended':
    case 'dial':
    case 'bridge.created':
    case 'bridge.destroyed':
    case 'bridge.entered':
    case 'bridge.left':
    case 'bridge.merged':
    case 'transfer.blind':
    case 'transfer.attended':
    case 'picked.up':
    case 'recording.started':
    case 'recording.stopped':
      // The vendor tells of calls and their members, and only when a step is complete.
      return [];
    default:
      return assertNever(happening, 'happening');
  }
}

/** `msg` is text that holds JSON, as on the vendor's call events. */
function frame(topic: number, msg: object): Frame {
  return { topic, text: JSON.stringify({ type: topic, sn: SERIAL, msg: JSON.stringify(msg) }) };
}

function memberFrames(call: Call, touched: readonly Leg[], faults: ActiveFaults): Frame[] {
  if (!faults.has('singleMember')) return [memberFrame(30011, call, listed(call, touched))];
  return touched.map((leg) => memberFrame(30011, call, [leg]));
}

function memberFrame(topic: number, call: Call, legs: readonly Leg[]): Frame {
  return frame(topic, { call_id: call.key, members: legs.map((leg) => memberOf(leg, call)) });
}

/** All that are there, and those that have just gone. */
function listed(call: Call, touched: readonly Leg[]): Leg[] {
  return [...call.legs, ...touched.filter((leg) => !call.legs.includes(leg))];
}

/** The details come before the last BYE or after it, as it happens. */
function endFrames(call: Call, touched: readonly Leg[], { faults, chance, at }: FramesContext): Frame[] {
  const byes = memberFrames(call, touched, faults);
  const details = detailsOf(call, at).map((one) => frame(30012, one));
  const reason = call.cause === null || call.answeredAt !== null ? undefined : failureReasons[call.cause];
  if (reason !== undefined) {
    const members = call.rang ? touched.map((leg) => memberOf(leg, call)) : null;
    const failure = frame(30015, { call_id: call.key, reason, members });
    return [...(call.rang ? byes : []), failure, ...details];
  }
  const ending = call.answeredAt === null ? 'whole' : faults.ending();
  if (ending === 'withoutDetails') return byes;
  if (ending === 'withoutBye') return details;
  return chance.happens(0.5) ? [...details, ...byes] : [...byes, ...details];
}

function extensionStateFrames(phone: Phone, state: DeviceState): Frame[] {
  return [frame(30008, { extension: phone.number, status: extensionStates[state] })];
}

const extensionStates: Record<DeviceState, string> = {
  NOT_INUSE: 'Idle',
  UNAVAILABLE: 'Idle',
  BUSY: 'Idle',
  RINGING: 'Ringing',
  INUSE: 'Busy',
  RINGINUSE: 'Busy',
  ONHOLD: 'Busy',
};

function registrationFrame({ number, registered }: Phone): Frame {
  const status = registered ? 'Registered' : 'Unregistered';
  return frame(30007, {
    extension: number,
    kind: 'Sip',
    status,
    registered_ip: registered ? '192.0.2.10' : '',
  });
}

function presenceFrame({ number, doNotDisturb }: Phone): Frame {
  return frame(30009, { extension: number, status: doNotDisturb ? 'do_not_disturb' : 'available' });
}
