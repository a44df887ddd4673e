import { assertNever } from '@trunkline/service-kit';
import type { PhoneStatus } from '../contract/ledger.ts';
import type { Leg } from './leg.ts';

export interface Phone {
  readonly number: string;
  readonly name: string;
  readonly device: string;
  registered: boolean;
  doNotDisturb: boolean;
  readonly legs: Set<Leg>;
}

/** As Asterisk tells the state of a device. */
export type DeviceState = 'NOT_INUSE' | 'INUSE' | 'BUSY' | 'UNAVAILABLE' | 'RINGING' | 'RINGINUSE' | 'ONHOLD';

type PhoneFacts = Pick<Phone, 'registered' | 'doNotDisturb'> & { readonly legs: Iterable<Leg> };

/** A phone's status follows from its legs; only an idle one is online, busy (do not disturb) or offline. */
export function phoneStatusOf(phone: PhoneFacts): PhoneStatus {
  const state = deviceStateOf(phone);
  switch (state) {
    case 'INUSE':
    case 'RINGINUSE':
    case 'ONHOLD':
      return 'incall';
    case 'RINGING':
      return 'ringing';
    case 'BUSY':
      return 'busy';
    case 'UNAVAILABLE':
      return 'offline';
    case 'NOT_INUSE':
      return 'online';
    default:
      return assertNever(state, 'state of a device');
  }
}

export function deviceStateOf(phone: PhoneFacts): DeviceState {
  const legs = [...phone.legs];
  const used = legs.some((leg) => leg.state === 'Up' || leg.state === 'Ring');
  const rings = legs.some((leg) => leg.state === 'Ringing');
  if (used) return rings ? 'RINGINUSE' : legs.some(isHeldByOther) ? 'ONHOLD' : 'INUSE';
  if (rings) return 'RINGING';
  if (!phone.registered) return 'UNAVAILABLE';
  return phone.doNotDisturb ? 'BUSY' : 'NOT_INUSE';
}

/** The phone that presses hold stays in use; the device of the one who hears the music is on hold. */
function isHeldByOther(leg: Leg): boolean {
  return leg.bridge?.legs.some((other) => other !== leg && other.holds) ?? false;
}
