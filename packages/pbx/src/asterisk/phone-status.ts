import type { ExtensionStatus } from '@trunkline/domain';

const byDeviceState: ReadonlyMap<string, ExtensionStatus> = new Map([
  ['NOT_INUSE', 'online'],
  ['RINGING', 'ringing'],
  ['INUSE', 'incall'],
  ['RINGINUSE', 'incall'],
  ['ONHOLD', 'incall'],
  ['BUSY', 'busy'],
  ['UNAVAILABLE', 'offline'],
]);

/** Null for UNKNOWN and INVALID, which say that there is nothing to say. */
export const phoneStatusOfDevice = (state: string): ExtensionStatus | null =>
  byDeviceState.get(state) ?? null;

const hint = { inUse: 1, busy: 2, unavailable: 4, ringing: 8, onHold: 16 };

/** Bits of an extension's hint; negative numbers say that the hint was removed. */
export function phoneStatusOfHint(status: number): ExtensionStatus | null {
  if (!Number.isInteger(status) || status < 0) return null;
  if ((status & hint.unavailable) !== 0) return 'offline';
  if ((status & (hint.inUse | hint.onHold)) !== 0) return 'incall';
  if ((status & hint.busy) !== 0) return 'busy';
  return (status & hint.ringing) === 0 ? 'online' : 'ringing';
}

/** The words that PJSIPShowEndpoints has for the states of devices. */
const byDeviceStateText: ReadonlyMap<string, ExtensionStatus> = new Map([
  ['not in use', 'online'],
  ['ringing', 'ringing'],
  ['in use', 'incall'],
  ['ring+inuse', 'incall'],
  ['on hold', 'incall'],
  ['busy', 'busy'],
  ['unavailable', 'offline'],
]);

export const phoneStatusOfText = (text: string): ExtensionStatus | null =>
  byDeviceStateText.get(text.toLowerCase()) ?? null;
