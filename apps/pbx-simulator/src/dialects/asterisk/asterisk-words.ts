import type { LegState } from '../../telephony/leg.ts';
import type { DeviceState } from '../../telephony/phone.ts';

/** What both of Asterisk's interfaces say alike. */
export const SYSTEM_NAME = 'simulator';
export const VERSION = '22.10.1';
export const ENTITY_ID = '02:fc:00:00:00:01';

const causeTexts: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Unallocated (unassigned) number',
  16: 'Normal Clearing',
  17: 'User busy',
  19: 'User alerting, no answer',
  20: 'Subscriber absent',
  21: 'Call Rejected',
  26: 'Answered elsewhere',
  34: 'Circuit/channel congestion',
  127: 'Interworking, unspecified',
};

export function causeText(q850: number): string {
  return causeTexts[q850] ?? 'Unknown';
}

export const stateNumbers: Record<LegState, number> = { Down: 0, Ring: 4, Ringing: 5, Up: 6, Busy: 7 };

/** A hint's status is a set of bits. */
export const hintStates: Record<DeviceState, readonly [status: number, text: string]> = {
  NOT_INUSE: [0, 'Idle'],
  INUSE: [1, 'InUse'],
  BUSY: [2, 'Busy'],
  UNAVAILABLE: [4, 'Unavailable'],
  RINGING: [8, 'Ringing'],
  RINGINUSE: [9, 'InUse&Ringing'],
  ONHOLD: [16, 'Hold'],
};
