import { isKey, type ChannelSaid, type ChannelState, type Decoded } from '../asterisk/fact.ts';
import { headerOf, numberOf, textOf } from './header.ts';
import { ignoredEvents } from './ignored-events.ts';

/** What an AMI message means. Messages that don't concern us are known by their first line and read no further. */
export function decodeMessage(text: string): Decoded {
  if (!text.startsWith(eventFirst)) return text.startsWith(responseFirst) ? reply : unreadable('is no event');
  const name = nameOf(text);
  const decode = decoders.get(name);
  if (decode !== undefined) return decode(text);
  return ignoredEvents.has(name) || name.endsWith('Complete') ? ignored : unknown;
}

const eventFirst = 'Event: ';
const responseFirst = 'Response: ';

function nameOf(text: string): string {
  const end = text.indexOf('\r\n');
  return end === -1 ? text.slice(eventFirst.length) : text.slice(eventFirst.length, end);
}

const ignored: Decoded = { kind: 'ignored' };
const unknown: Decoded = { kind: 'unknown' };
const reply: Decoded = { kind: 'reply' };
const unreadable = (problem: string): Decoded => ({ kind: 'unreadable', problem });

const decoders: ReadonlyMap<string, (text: string) => Decoded> = new Map([
  ['Newchannel', (text: string) => channelFact(text, true)],
  ['Newstate', (text: string) => channelFact(text, false)],
  ['NewCallerid', (text: string) => channelFact(text, false)],
  ['DialBegin', (text: string) => dialFact(text, '')],
  ['DialState', (text: string) => dialFact(text, headerOf(text, 'DialStatus'))],
  ['DialEnd', (text: string) => dialFact(text, headerOf(text, 'DialStatus'))],
  ['BridgeEnter', enterFact],
  ['BridgeLeave', leaveFact],
  ['Hold', (text: string) => holdFact(text, true)],
  ['Unhold', (text: string) => holdFact(text, false)],
  ['Hangup', hangupFact],
  ['MixMonitorStop', recordedFact],
  ['DeviceStateChange', deviceFact],
  ['ExtensionStatus', hintFact],
  ['Shutdown', (): Decoded => ({ kind: 'shutdown' })],
]);

const noChannel = unreadable('has no Uniqueid or no Channel');

function channelFact(text: string, created: boolean): Decoded {
  const channel = readChannel(text, caller);
  return channel === null ? noChannel : { kind: 'channel', created, channel };
}

function dialFact(text: string, status: string): Decoded {
  const peer = readChannel(text, destination);
  if (peer === null) return unreadable('has no DestUniqueid or no DestChannel');
  const from = readChannel(text, caller);
  // Where the PBX itself dials there is no caller, and not half of one.
  if (from === null && headerOf(text, 'Channel') !== '') return noChannel;
  return { kind: 'dial', caller: from, peer, status };
}

function enterFact(text: string): Decoded {
  const channel = readChannel(text, caller);
  const id = headerOf(text, 'BridgeUniqueid');
  if (channel === null || !isKey(id)) return unreadable('has no Uniqueid, Channel or BridgeUniqueid');
  return {
    kind: 'enter',
    bridge: { id, holding: isHolding(text), conference: headerOf(text, 'BridgeCreator') === 'ConfBridge' },
    channel,
  };
}

const isHolding = (text: string): boolean =>
  headerOf(text, 'BridgeTechnology') === 'holding_bridge' || headerOf(text, 'BridgeType') === 'holding';

function leaveFact(text: string): Decoded {
  const channel = readChannel(text, caller);
  const bridge = headerOf(text, 'BridgeUniqueid');
  if (channel === null || !isKey(bridge)) return unreadable('has no Uniqueid, Channel or BridgeUniqueid');
  return { kind: 'leave', bridge, channel };
}

function holdFact(text: string, on: boolean): Decoded {
  const channel = readChannel(text, caller);
  return channel === null ? noChannel : { kind: 'hold', channel, on };
}

function hangupFact(text: string): Decoded {
  const channel = readChannel(text, caller);
  if (channel === null) return noChannel;
  return { kind: 'hangup', channel, cause: numberOf(text, 'Cause'), techCause: numberOf(text, 'TechCause') };
}

/** AMI tells that a recording is over, and not where it lies. */
function recordedFact(text: string): Decoded {
  const channel = readChannel(text, caller);
  if (channel === null) return noChannel;
  return { kind: 'recorded', channel: channel.id, bridge: null, file: channel, durationSeconds: null };
}

/** Also a row of DeviceStateList. */
export function deviceFact(text: string): Decoded {
  const device = headerOf(text, 'Device');
  return isKey(device)
    ? { kind: 'device', device, state: headerOf(text, 'State') }
    : unreadable('has no Device');
}

/** Also a row of ExtensionStateList. */
export function hintFact(text: string): Decoded {
  const exten = headerOf(text, 'Exten');
  const status = Number.parseInt(headerOf(text, 'Status'), 10);
  if (!isKey(exten) || !Number.isSafeInteger(status)) return unreadable('has no Exten or no Status');
  return { kind: 'hint', exten, devices: headerOf(text, 'Hint'), status };
}

/** The names of a channel's headers: the second channel of a message has the same ones with a prefix. */
interface ChannelHeaders {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly number: string;
  readonly callerName: string;
  readonly exten: string;
  readonly linkedid: string;
}

const headersOf = (prefix: string): ChannelHeaders => ({
  id: `${prefix}Uniqueid`,
  name: `${prefix}Channel`,
  state: `${prefix}ChannelState`,
  number: `${prefix}CallerIDNum`,
  callerName: `${prefix}CallerIDName`,
  exten: `${prefix}Exten`,
  linkedid: `${prefix}Linkedid`,
});

export const caller = headersOf('');
export const destination = headersOf('Dest');

const states: ReadonlyMap<string, ChannelState> = new Map([
  ['0', 'down'],
  ['1', 'down'],
  ['4', 'ring'],
  ['5', 'ringing'],
  ['6', 'up'],
  ['7', 'busy'],
]);

/** A channel as AMI shows it; null where it lacks what every channel has. */
export function readChannel(text: string, headers: ChannelHeaders): ChannelSaid | null {
  const id = headerOf(text, headers.id);
  const name = headerOf(text, headers.name);
  if (!isKey(id) || !isKey(name)) return null;
  const linkedid = headerOf(text, headers.linkedid);
  return {
    id,
    name,
    state: states.get(headerOf(text, headers.state)) ?? 'other',
    number: textOf(text, headers.number),
    callerName: textOf(text, headers.callerName),
    exten: headerOf(text, headers.exten),
    linkedid: isKey(linkedid) ? linkedid : id,
  };
}
