import type { Bridge } from '../../telephony/bridge.ts';
import type { Leg } from '../../telephony/leg.ts';
import { stateNumbers, SYSTEM_NAME } from '../asterisk/asterisk-words.ts';
import type { Headers } from './message.ts';

export type EventClass = 'call' | 'system' | 'cdr' | 'dialplan';

/** The beginning of every event. Its class decides who gets it. */
export function eventHead(name: string, eventClass: EventClass): Headers {
  return [
    ['Event', name],
    ['Privilege', `${eventClass},all`],
    ['SystemName', SYSTEM_NAME],
  ];
}

/** The block that stands in every event about a channel; a second channel's has a prefix. */
export function channelBlock(leg: Leg, prefix = ''): Headers {
  const { line, connected, dialplan } = leg;
  return [
    [`${prefix}Channel`, leg.channel],
    [`${prefix}ChannelState`, stateNumbers[leg.state]],
    [`${prefix}ChannelStateDesc`, leg.state],
    [`${prefix}CallerIDNum`, known(line.number)],
    [`${prefix}CallerIDName`, known(line.name)],
    [`${prefix}ConnectedLineNum`, known(connected.number)],
    [`${prefix}ConnectedLineName`, known(connected.name)],
    [`${prefix}Language`, 'en'],
    [`${prefix}AccountCode`, ''],
    [`${prefix}Context`, dialplan.context],
    [`${prefix}Exten`, dialplan.exten],
    [`${prefix}Priority`, dialplan.priority],
    [`${prefix}Uniqueid`, leg.id],
    [`${prefix}Linkedid`, leg.call.key],
  ];
}

export function bridgeBlock(bridge: Bridge, prefix = ''): Headers {
  const conference = bridge.kind === 'conference';
  return [
    [`${prefix}BridgeUniqueid`, bridge.id],
    [`${prefix}BridgeType`, bridge.kind],
    [`${prefix}BridgeTechnology`, conference ? 'softmix' : 'simple_bridge'],
    [`${prefix}BridgeCreator`, conference ? 'ConfBridge' : '<unknown>'],
    [`${prefix}BridgeName`, conference ? bridge.call.reached : '<unknown>'],
    [`${prefix}BridgeNumChannels`, bridge.legs.length],
    [`${prefix}BridgeVideoSourceMode`, 'none'],
  ];
}

function known(text: string): string {
  return text === '' ? '<unknown>' : text;
}
