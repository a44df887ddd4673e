import { assertNever } from '@trunkline/service-kit';
import type { Happening, HappeningOf } from '../../telephony/happening.ts';
import type { LegCause } from '../../telephony/leg.ts';
import { callOf } from '../asterisk/call-of.ts';
import { causeText, hintStates } from '../asterisk/asterisk-words.ts';
import { cdrEvents } from './cdr.ts';
import { event, type AmiEvent } from './event.ts';
import { bridgeBlock, channelBlock } from './headers.ts';
import type { Headers } from './message.ts';

/** What Asterisk's manager interface says of a happening. */
export function eventsOf(happening: Happening, at: (realMs: number) => number): AmiEvent[] {
  if (happening.kind !== 'device' && callOf(happening)?.lostHangup === true) return [];
  switch (happening.kind) {
    case 'leg.created':
      return created(happening);
    case 'leg.state':
      return [event('Newstate', 'call', channelBlock(happening.leg))];
    case 'leg.connectedLine':
      return [event('NewConnectedLine', 'call', channelBlock(happening.leg))];
    case 'dial':
      return [dialled(happening)];
    case 'bridge.created':
      return [event('BridgeCreate', 'call', bridgeBlock(happening.bridge))];
    case 'bridge.destroyed':
      return [event('BridgeDestroy', 'call', bridgeBlock(happening.bridge))];
    case 'bridge.entered':
      return [event('BridgeEnter', 'call', bridgeBlock(happening.bridge), channelBlock(happening.leg))];
    case 'bridge.left':
      return [event('BridgeLeave', 'call', bridgeBlock(happening.bridge), channelBlock(happening.leg))];
    case 'bridge.merged':
      return [
        event('BridgeMerge', 'call', bridgeBlock(happening.into, 'To'), bridgeBlock(happening.from, 'From')),
      ];
    case 'leg.held':
      return [event('Hold', 'call', channelBlock(happening.leg), [['MusicClass', 'default']])];
    case 'leg.resumed':
      return [event('Unhold', 'call', channelBlock(happening.leg))];
    case 'leg.hangupRequested':
      return [hangupRequested(happening)];
    case 'leg.ended':
      return [event('Hangup', 'call', channelBlock(happening.leg), causeHeaders(happening.cause, true))];
    case 'transfer.blind':
    case 'transfer.attended':
      return [transferred(happening)];
    case 'picked.up':
      return [event('Pickup', 'call', channelBlock(happening.by), channelBlock(happening.target, 'Target'))];
    case 'recording.started':
      return [event('MixMonitorStart', 'call', channelBlock(happening.leg))];
    case 'recording.stopped':
      return [event('MixMonitorStop', 'call', channelBlock(happening.leg))];
    case 'device':
      return deviceChanged(happening);
    case 'phone.registered':
      return registered(happening);
    case 'call.ended':
      return cdrEvents(happening.call, at);
    case 'phone.presence':
    case 'call.changed':
    case 'call.transferred':
      return [];
    default:
      return assertNever(happening, 'happening');
  }
}

/** With the noise that every new channel makes, which most clients filter out. */
function created({ leg }: HappeningOf<'leg.created'>): AmiEvent[] {
  const block = channelBlock(leg);
  return [
    event('Newchannel', 'call', block),
    event('VarSet', 'dialplan', block, [
      ['Variable', 'SIPDOMAIN'],
      ['Value', '127.0.0.1'],
    ]),
    event('Newexten', 'dialplan', block, [
      ['Extension', leg.dialplan.exten],
      ['Application', 'NoOp'],
      ['AppData', `call to ${leg.dialplan.exten}`],
    ]),
  ];
}

function dialled({ caller, peer, status, dialString }: HappeningOf<'dial'>): AmiEvent {
  const name = status === '' ? 'DialBegin' : status === 'RINGING' ? 'DialState' : 'DialEnd';
  const tail: Headers = status === '' ? [['DialString', dialString]] : [['DialStatus', status]];
  // There is no caller where a client had the channel made.
  return event(name, 'call', caller === null ? [] : channelBlock(caller), channelBlock(peer, 'Dest'), tail);
}

function hangupRequested({ leg, cause, soft }: HappeningOf<'leg.hangupRequested'>): AmiEvent {
  const name = soft ? 'SoftHangupRequest' : 'HangupRequest';
  return event(name, 'call', channelBlock(leg), causeHeaders(cause, false));
}

function causeHeaders({ q850, sip }: LegCause, withText: boolean): Headers {
  const text: Headers = withText ? [['Cause-txt', causeText(q850)]] : [];
  const tech: Headers = sip === undefined ? [] : [['TechCause', sip]];
  return [['Cause', q850], ...text, ...tech];
}

function transferred(happening: HappeningOf<'transfer.blind' | 'transfer.attended'>): AmiEvent {
  if (happening.kind === 'transfer.blind') {
    const { by, transferee, bridge, to } = happening;
    return event(
      'BlindTransfer',
      'call',
      [['Result', 'Success']],
      channelBlock(by, 'Transferer'),
      channelBlock(transferee, 'Transferee'),
      bridgeBlock(bridge),
      [
        ['IsExternal', 'Yes'],
        ['Context', 'internal'],
        ['Extension', to],
      ],
    );
  }
  const { first, second, transferee, target, bridge, secondBridge } = happening;
  return event(
    'AttendedTransfer',
    'call',
    [['Result', 'Success']],
    channelBlock(first, 'OrigTransferer'),
    bridgeBlock(bridge, 'Orig'),
    channelBlock(second, 'SecondTransferer'),
    bridgeBlock(secondBridge, 'Second'),
    channelBlock(transferee, 'Transferee'),
    channelBlock(target, 'TransferTarget'),
    [
      ['IsExternal', 'Yes'],
      ['DestType', 'Bridge'],
      ['DestBridgeUniqueid', bridge.id],
    ],
  );
}

function deviceChanged({ device, phone, state }: HappeningOf<'device'>): AmiEvent[] {
  const change = event('DeviceStateChange', 'call', [
    ['Device', device],
    ['State', state],
  ]);
  if (phone === null) return [change];
  const [status, text] = hintStates[state];
  const hint = event('ExtensionStatus', 'call', [
    ['Exten', phone.number],
    ['Context', 'internal'],
    ['Hint', device],
    ['Status', status],
    ['StatusText', text],
  ]);
  return [change, hint];
}

function registered({ phone }: HappeningOf<'phone.registered'>): AmiEvent[] {
  const { number, registered: on } = phone;
  return [
    event('PeerStatus', 'system', [
      ['ChannelType', 'PJSIP'],
      ['Peer', phone.device],
      ['PeerStatus', on ? 'Reachable' : 'Unreachable'],
    ]),
    event('ContactStatus', 'system', [
      ['URI', `sip:${number}@192.0.2.10:5060`],
      ['ContactStatus', on ? 'NonQualified' : 'Removed'],
      ['AOR', number],
      ['EndpointName', number],
      ['RoundtripUsec', 0],
    ]),
  ];
}
