import { assertNever } from '@trunkline/service-kit';
import type { Happening, HappeningOf } from '../../telephony/happening.ts';
import type { Leg, LegCause } from '../../telephony/leg.ts';
import type { Phone } from '../../telephony/phone.ts';
import { callOf } from '../asterisk/call-of.ts';
import { causeText } from '../asterisk/asterisk-words.ts';
import { bridgeModel, channelModel, endpointModel, splitFile, type At } from './models.ts';

/** An event without its envelope, and what a client must have subscribed to for it to arrive. */
export interface AriEvent {
  readonly type: string;
  readonly sources: readonly string[];
  readonly fields: object;
}

const channelSources = (leg: Leg): string[] => [`channel:${leg.id}`, `endpoint:${leg.device}`];

function ofChannel(type: string, leg: Leg, at: At, fields: object = {}): AriEvent {
  return { type, sources: channelSources(leg), fields: { ...fields, channel: channelModel(leg, at) } };
}

/** What Asterisk's REST interface says of a happening. */
export function eventsOf(happening: Happening, at: At): AriEvent[] {
  if (happening.kind !== 'device' && callOf(happening)?.lostHangup === true) return [];
  switch (happening.kind) {
    case 'leg.created':
      return created(happening, at);
    case 'leg.state':
      return [ofChannel('ChannelStateChange', happening.leg, at)];
    case 'leg.connectedLine':
      return [ofChannel('ChannelConnectedLine', happening.leg, at)];
    case 'dial':
      return [dialled(happening, at)];
    case 'bridge.created':
    case 'bridge.destroyed':
    case 'bridge.entered':
    case 'bridge.left':
      return [bridged(happening, at)];
    case 'bridge.merged':
      return [merged(happening, at)];
    case 'leg.held':
      return [ofChannel('ChannelHold', happening.leg, at, { musicclass: 'default' })];
    case 'leg.resumed':
      return [ofChannel('ChannelUnhold', happening.leg, at)];
    case 'leg.hangupRequested': {
      const { leg, cause, soft } = happening;
      const fields = { cause: cause.q850, ...(soft ? { soft } : {}), ...techCause(cause) };
      return [ofChannel('ChannelHangupRequest', leg, at, fields)];
    }
    case 'leg.ended': {
      const { leg, cause } = happening;
      const fields = { cause: cause.q850, cause_txt: causeText(cause.q850), ...techCause(cause) };
      return [ofChannel('ChannelDestroyed', leg, at, fields)];
    }
    case 'transfer.blind':
      return [blindTransfer(happening, at)];
    case 'transfer.attended':
      return [attendedTransfer(happening, at)];
    case 'device':
      return [
        {
          type: 'DeviceStateChanged',
          sources: [`deviceState:${happening.device}`],
          fields: { device_state: { name: happening.device, state: happening.state } },
        },
      ];
    case 'phone.registered':
      return registered(happening.phone);
    case 'recording.started':
      return [recorded('RecordingStarted', 'recording', happening.leg)];
    case 'recording.stopped':
      return [recorded('RecordingFinished', 'done', happening.leg)];
    case 'phone.presence':
    case 'picked.up':
    case 'call.changed':
    case 'call.transferred':
    case 'call.ended':
      return [];
    default:
      return assertNever(happening, 'happening');
  }
}

/** With the noise that every new channel makes. */
function created({ leg }: HappeningOf<'leg.created'>, at: At): AriEvent[] {
  return [
    ofChannel('ChannelCreated', leg, at),
    ofChannel('ChannelVarset', leg, at, { variable: 'SIPDOMAIN', value: '127.0.0.1' }),
    ofChannel('ChannelDialplan', leg, at, {
      dialplan_app: 'NoOp',
      dialplan_app_data: `call to ${leg.dialplan.exten}`,
    }),
  ];
}

function dialled({ caller, peer, status, dialString }: HappeningOf<'dial'>, at: At): AriEvent {
  return {
    type: 'Dial',
    sources: [...channelSources(peer), ...(caller === null ? [] : channelSources(caller))],
    fields: {
      dialstatus: status,
      forward: '',
      dialstring: dialString,
      ...(caller === null ? {} : { caller: channelModel(caller, at) }),
      peer: channelModel(peer, at),
    },
  };
}

const bridgeTypes = {
  'bridge.created': 'BridgeCreated',
  'bridge.destroyed': 'BridgeDestroyed',
  'bridge.entered': 'ChannelEnteredBridge',
  'bridge.left': 'ChannelLeftBridge',
} as const;

type Bridged = HappeningOf<'bridge.created' | 'bridge.destroyed' | 'bridge.entered' | 'bridge.left'>;

function bridged(happening: Bridged, at: At): AriEvent {
  const leg = 'leg' in happening ? happening.leg : null;
  return {
    type: bridgeTypes[happening.kind],
    sources: [`bridge:${happening.bridge.id}`, ...(leg === null ? [] : channelSources(leg))],
    fields: {
      bridge: bridgeModel(happening.bridge, at),
      ...(leg === null ? {} : { channel: channelModel(leg, at) }),
    },
  };
}

function merged({ into, from }: HappeningOf<'bridge.merged'>, at: At): AriEvent {
  return {
    type: 'BridgeMerged',
    sources: [`bridge:${into.id}`, `bridge:${from.id}`],
    fields: { bridge: bridgeModel(into, at), bridge_from: bridgeModel(from, at) },
  };
}

function blindTransfer({ by, transferee, bridge, to }: HappeningOf<'transfer.blind'>, at: At): AriEvent {
  return {
    type: 'BridgeBlindTransfer',
    sources: [`bridge:${bridge.id}`, ...channelSources(by)],
    fields: {
      channel: channelModel(by, at),
      exten: to,
      context: 'internal',
      result: 'Success',
      is_external: true,
      transferee: channelModel(transferee, at),
      bridge: bridgeModel(bridge, at),
    },
  };
}

function attendedTransfer(happening: HappeningOf<'transfer.attended'>, at: At): AriEvent {
  const { first, second, transferee, target, bridge, secondBridge } = happening;
  return {
    type: 'BridgeAttendedTransfer',
    sources: [`bridge:${bridge.id}`, `bridge:${secondBridge.id}`],
    fields: {
      transferer_first_leg: channelModel(first, at),
      transferer_second_leg: channelModel(second, at),
      result: 'Success',
      is_external: true,
      transferee: channelModel(transferee, at),
      transfer_target: channelModel(target, at),
      transferer_first_leg_bridge: bridgeModel(bridge, at),
      transferer_second_leg_bridge: bridgeModel(secondBridge, at),
      destination_type: 'bridge',
      destination_bridge: bridge.id,
    },
  };
}

function registered(phone: Phone): AriEvent[] {
  const { number, registered: on } = phone;
  const sources = [`endpoint:${phone.device}`];
  const endpoint = endpointModel(phone);
  const uri = `sip:${number}@192.0.2.10:5060`;
  return [
    {
      type: 'PeerStatusChange',
      sources,
      fields: { endpoint, peer: { peer_status: on ? 'Reachable' : 'Unreachable' } },
    },
    {
      type: 'ContactStatusChange',
      sources,
      fields: {
        endpoint,
        contact_info: {
          uri,
          contact_status: on ? 'NonQualified' : 'Removed',
          aor: number,
          roundtrip_usec: '0',
        },
      },
    },
  ];
}

/** Only recordings that ARI makes are told here, and not those of the dialplan: another application makes ours. */
function recorded(type: string, state: string, leg: Leg): AriEvent {
  const file = leg.call.recording ?? '';
  const { name, format } = splitFile(file);
  return {
    type,
    sources: channelSources(leg),
    fields: { recording: { name, format, state, target_uri: `channel:${leg.id}` } },
  };
}

function techCause({ sip }: LegCause): object {
  return sip === undefined ? {} : { tech_cause: sip };
}
