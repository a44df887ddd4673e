import type { Leg } from '../../telephony/leg.ts';
import { deviceStateOf, type Phone } from '../../telephony/phone.ts';
import { hintStates } from '../asterisk/asterisk-words.ts';
import type { DialectContext } from '../dialect.ts';
import { bridgeBlock, channelBlock } from './headers.ts';
import type { Headers } from './message.ts';

export interface List {
  readonly message: string;
  /** The name of the event that ends it. */
  readonly complete: string;
  readonly rows: readonly Headers[];
}

/** The lists that a client takes its snapshot from. */
export const lists: Readonly<Record<string, (context: DialectContext) => List>> = {
  coreshowchannels: ({ exchange, clock }) => ({
    message: 'Channels will follow',
    complete: 'CoreShowChannelsComplete',
    rows: [...exchange.board.legs.values()].map((leg) =>
      channelRow(leg, clock.now() - clock.at(leg.createdAt)),
    ),
  }),
  devicestatelist: ({ exchange }) => ({
    message: 'Device State Changes will follow',
    complete: 'DeviceStateListComplete',
    rows: [
      deviceRow(`PJSIP/${exchange.board.trunk}`, exchange.board.trunkState()),
      ...[...exchange.phones.values()].map((phone) => deviceRow(phone.device, deviceStateOf(phone))),
    ],
  }),
  extensionstatelist: ({ exchange }) => ({
    message: 'Extension Statuses will follow',
    complete: 'ExtensionStateListComplete',
    rows: [...exchange.phones.values()].map(hintRow),
  }),
  pjsipshowendpoints: ({ exchange }) => ({
    message: 'A listing of Endpoints follows, presented as EndpointList events',
    complete: 'EndpointListComplete',
    rows: [...exchange.phones.values()].map(endpointRow),
  }),
  pjsipshowcontacts: ({ exchange }) => ({
    message: 'A listing of Contacts follows, presented as ContactList events',
    complete: 'ContactListComplete',
    rows: [...exchange.phones.values()].filter(({ registered }) => registered).map(contactRow),
  }),
  bridgelist: ({ exchange }) => ({
    message: 'Bridge listing will follow',
    complete: 'BridgeListComplete',
    rows: [...exchange.board.bridges].map(
      (bridge) => [['Event', 'BridgeListItem'], ...bridgeBlock(bridge)] as const,
    ),
  }),
};

function channelRow(leg: Leg, ageMs: number): Headers {
  return [
    ['Event', 'CoreShowChannel'],
    ...channelBlock(leg),
    ['Application', leg.dialplan.application],
    ['ApplicationData', leg.dialplan.data],
    ['Duration', clockFace(ageMs)],
    ['BridgeId', leg.bridge?.id ?? ''],
  ];
}

export function statusRow(leg: Leg, ageMs: number): Headers {
  return [
    ['Event', 'Status'],
    ['Privilege', 'Call'],
    ...channelBlock(leg),
    ['Type', 'PJSIP'],
    ['DNID', leg.side === 'caller' ? leg.dialled : ''],
    ['EffectiveConnectedLineNum', leg.connected.number === '' ? '<unknown>' : leg.connected.number],
    ['EffectiveConnectedLineName', leg.connected.name === '' ? '<unknown>' : leg.connected.name],
    ['TimeToHangup', 0],
    ['BridgeID', leg.bridge?.id ?? ''],
    ['Application', leg.dialplan.application],
    ['Data', leg.dialplan.data],
    ['Nativeformats', '(ulaw)'],
    ['Readformat', 'ulaw'],
    ['Writeformat', 'ulaw'],
    ['Callgroup', 0],
    ['Pickupgroup', 0],
    ['Seconds', Math.floor(ageMs / 1000)],
  ];
}

function deviceRow(device: string, state: string): Headers {
  return [
    ['Event', 'DeviceStateChange'],
    ['Device', device],
    ['State', state],
  ];
}

export function hintRow(phone: Phone): Headers {
  const [status, text] = hintStates[deviceStateOf(phone)];
  return [
    ['Event', 'ExtensionStatus'],
    ['Exten', phone.number],
    ['Context', 'internal'],
    ['Hint', phone.device],
    ['Status', status],
    ['StatusText', text],
  ];
}

const endpointStates = {
  NOT_INUSE: 'Not in use',
  INUSE: 'In use',
  BUSY: 'Busy',
  UNAVAILABLE: 'Unavailable',
  RINGING: 'Ringing',
  RINGINUSE: 'Ring+Inuse',
  ONHOLD: 'On Hold',
} as const;

function endpointRow(phone: Phone): Headers {
  const channels = [...phone.legs].map((leg) => leg.channel).join(',');
  return [
    ['Event', 'EndpointList'],
    ['ObjectType', 'endpoint'],
    ['ObjectName', phone.number],
    ['Transport', 'transport-udp'],
    ['Aor', phone.number],
    ['Auths', phone.number],
    ['OutboundAuths', ''],
    ['Contacts', phone.registered ? `${phone.number}/sip:${phone.number}@192.0.2.10:5060,` : ''],
    ['DeviceState', endpointStates[deviceStateOf(phone)]],
    ['ActiveChannels', channels],
  ];
}

function contactRow({ number }: Phone): Headers {
  return [
    ['Event', 'ContactList'],
    ['ObjectType', 'contact'],
    ['ObjectName', `${number};@sim`],
    ['ViaAddr', '192.0.2.10'],
    ['Endpoint', number],
    ['Uri', `sip:${number}@192.0.2.10:5060`],
    ['Status', 'NonQualified'],
    ['RoundtripUsec', 'N/A'],
  ];
}

function clockFace(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
