import type { BridgeSaid, ChannelSaid, ChannelState, Decoded } from '../asterisk/fact.ts';
import { isKey } from '../asterisk/fact.ts';

/**
 * What an ARI frame means. Kinds that don't concern us are known by their first bytes and never parsed, since they are
 * most of the traffic where the PBX's filter is not set.
 */
export function decodeFrame(raw: string): Decoded {
  if (isNoise(raw)) return ignored;
  let message: unknown;
  try {
    message = JSON.parse(raw);
  } catch {
    return unreadable('is not JSON');
  }
  if (!isRecord(message) || typeof message['type'] !== 'string') return unreadable('has no type');
  const type = message['type'];
  const decode = decoders.get(type);
  if (decode !== undefined) return decode(message);
  return ignoredTypes.has(type) ? ignored : unknown;
}

type Message = Readonly<Record<string, unknown>>;

const ignored: Decoded = { kind: 'ignored' };
const unknown: Decoded = { kind: 'unknown' };
const unreadable = (problem: string): Decoded => ({ kind: 'unreadable', problem });

const isRecord = (value: unknown): value is Message => typeof value === 'object' && value !== null;

/** Events that tell nothing of who talks to whom. The first ones are switched off at the PBX where it lets us. */
export const noiseTypes = [
  'ChannelVarset',
  'ChannelDialplan',
  'ChannelConnectedLine',
  'ChannelHangupRequest',
  'ChannelDtmfReceived',
  'ChannelTalkingStarted',
  'ChannelTalkingFinished',
  'ChannelToneDetected',
  'BridgeVideoSourceChanged',
] as const;

const ignoredTypes: ReadonlySet<string> = new Set([
  ...noiseTypes,
  'ApplicationMoveFailed',
  'ApplicationRegistered',
  'ApplicationUnregistered',
  'BridgeAttendedTransfer',
  'BridgeBlindTransfer',
  'BridgeCreated',
  'BridgeDestroyed',
  'BridgeMerged',
  'CallBroadcast',
  'CallClaimed',
  'ChannelTransfer',
  'ContactInfo',
  'ContactStatusChange',
  'DeviceStateCreated',
  'Peer',
  'PeerStatusChange',
  'PlaybackContinuing',
  'PlaybackFinished',
  'PlaybackStarted',
  'RecordingFailed',
  'RecordingStarted',
  'StasisEnd',
  'StasisStart',
  'TextMessageReceived',
]);

const typeFirst = '{"type":"';
const varsetFirst = '{"variable":"';

function isNoise(raw: string): boolean {
  if (raw.startsWith(typeFirst))
    return ignoredTypes.has(raw.slice(typeFirst.length, raw.indexOf('"', typeFirst.length)));
  // A quote inside a value is escaped, so these letters can only be the frame's own type.
  return raw.startsWith(varsetFirst) && raw.includes('"type":"ChannelVarset"');
}

const decoders: ReadonlyMap<string, (message: Message) => Decoded> = new Map([
  ['ChannelCreated', (message: Message) => channelFact(message, true)],
  ['ChannelStateChange', (message: Message) => channelFact(message, false)],
  ['ChannelCallerId', (message: Message) => channelFact(message, false)],
  ['Dial', dialFact],
  ['ChannelEnteredBridge', enterFact],
  ['ChannelLeftBridge', leaveFact],
  ['ChannelHold', (message: Message) => holdFact(message, true)],
  ['ChannelUnhold', (message: Message) => holdFact(message, false)],
  ['ChannelDestroyed', hangupFact],
  ['DeviceStateChanged', deviceFact],
  ['EndpointStateChange', endpointFact],
  ['RecordingFinished', recordedFact],
  ['ChannelUserevent', userEvent],
  ['ApplicationReplaced', (): Decoded => ({ kind: 'replaced' })],
  ['RESTResponse', (): Decoded => ({ kind: 'reply' })],
  ['MissingParams', (): Decoded => ({ kind: 'reply' })],
]);

/** The name of the events that we have sent to ourselves, to see whether they arrive. */
export const PROBE = 'TrunklineProbe';

/** Those of dial plans and other clients are no affair of ours. */
function userEvent(message: Message): Decoded {
  const event = message['userevent'];
  if (message['eventname'] !== PROBE || !isRecord(event)) return ignored;
  return { kind: 'probe', mark: textOf(event['probe']) };
}

const noChannel = unreadable('has no channel with an id, a name and a state');
const noRecording = unreadable('has no recording with a name');
const noBridge = unreadable('has no bridge with an id');

function channelFact(message: Message, created: boolean): Decoded {
  const channel = readChannel(message['channel']);
  return channel === null ? noChannel : { kind: 'channel', created, channel };
}

function dialFact(message: Message): Decoded {
  const peer = readChannel(message['peer']);
  const caller = message['caller'] === undefined ? null : readChannel(message['caller']);
  const status = message['dialstatus'];
  if (peer === null || (caller === null && message['caller'] !== undefined)) return noChannel;
  return typeof status === 'string'
    ? { kind: 'dial', caller, peer, status }
    : unreadable('has no dialstatus');
}

function enterFact(message: Message): Decoded {
  const channel = readChannel(message['channel']);
  if (channel === null) return noChannel;
  const bridge = readBridge(message['bridge']);
  return bridge === null ? noBridge : { kind: 'enter', bridge, channel };
}

function leaveFact(message: Message): Decoded {
  const channel = readChannel(message['channel']);
  if (channel === null) return noChannel;
  const bridge = readBridge(message['bridge']);
  return bridge === null ? noBridge : { kind: 'leave', bridge: bridge.id, channel };
}

function holdFact(message: Message, on: boolean): Decoded {
  const channel = readChannel(message['channel']);
  return channel === null ? noChannel : { kind: 'hold', channel, on };
}

function hangupFact(message: Message): Decoded {
  const channel = readChannel(message['channel']);
  if (channel === null) return noChannel;
  return {
    kind: 'hangup',
    channel,
    cause: numberOf(message['cause']),
    techCause: numberOf(message['tech_cause']),
  };
}

function deviceFact(message: Message): Decoded {
  const device = message['device_state'];
  if (!isRecord(device) || !isKey(device['name']) || typeof device['state'] !== 'string')
    return unreadable('has no device_state with a name and a state');
  return { kind: 'device', device: device['name'], state: device['state'] };
}

function endpointFact(message: Message): Decoded {
  const endpoint = readEndpoint(message['endpoint']);
  return endpoint === null ? unreadable('has no endpoint with a technology and a resource') : endpoint;
}

const recordedForm = /^(channel|bridge):(.+)$/;

function recordedFact(message: Message): Decoded {
  const recording = message['recording'];
  if (!isRecord(recording)) return noRecording;
  const { name, format } = recording;
  const file = textOf(format) === '' ? name : `${textOf(name)}.${textOf(format)}`;
  if (!isKey(name) || !isKey(file)) return noRecording;
  const [, kind, id] = recordedForm.exec(textOf(recording['target_uri'])) ?? [];
  return {
    kind: 'recorded',
    channel: kind === 'channel' && isKey(id) ? id : null,
    bridge: kind === 'bridge' && isKey(id) ? id : null,
    file,
    durationSeconds: numberOf(recording['duration']),
  };
}

const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) ? value : 0;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const states: ReadonlyMap<string, ChannelState> = new Map([
  ['Down', 'down'],
  ['Rsrvd', 'down'],
  ['Ring', 'ring'],
  ['Ringing', 'ringing'],
  ['Up', 'up'],
  ['Busy', 'busy'],
]);

const linkedidVariable = 'CHANNEL(linkedid)';

/** A channel as ARI shows it, in events and in answers; null where it lacks what every channel has. */
export function readChannel(value: unknown): ChannelSaid | null {
  if (!isRecord(value)) return null;
  const { id, name, state, caller, dialplan, channelvars } = value;
  if (!isKey(id) || !isKey(name) || typeof state !== 'string') return null;
  const linkedid = isRecord(channelvars) ? channelvars[linkedidVariable] : undefined;
  return {
    id,
    name,
    state: states.get(state) ?? 'other',
    number: isRecord(caller) ? textOf(caller['number']) : '',
    callerName: isRecord(caller) ? textOf(caller['name']) : '',
    exten: isRecord(dialplan) ? textOf(dialplan['exten']) : '',
    linkedid: isKey(linkedid) ? linkedid : null,
  };
}

export function readBridge(value: unknown): BridgeSaid | null {
  if (!isRecord(value) || !isKey(value['id'])) return null;
  return {
    id: value['id'],
    holding: value['bridge_type'] === 'holding',
    conference: value['creator'] === 'ConfBridge',
  };
}

export function readEndpoint(value: unknown): Extract<Decoded, { kind: 'endpoint' }> | null {
  if (!isRecord(value)) return null;
  const { technology, resource, state } = value;
  if (typeof technology !== 'string' || !isKey(resource)) return null;
  return { kind: 'endpoint', device: `${technology}/${resource}`, state: textOf(state) };
}
