import type { Bridge } from '../../telephony/bridge.ts';
import type { Leg } from '../../telephony/leg.ts';
import type { Phone } from '../../telephony/phone.ts';

/** Milliseconds of the PBX's clock as Asterisk writes them: the offset has no colon. */
export function timestamp(pbxMs: number): string {
  return new Date(pbxMs).toISOString().replace('Z', '+0000');
}

export type At = (realMs: number) => number;

/** There is no linkedid in here: a client asks for it, or joins what belongs together. */
export function channelModel(leg: Leg, at: At): object {
  const { line, connected, dialplan } = leg;
  return {
    id: leg.id,
    name: leg.channel,
    state: leg.state,
    protocol_id: leg.protocolId,
    caller: { name: line.name, number: line.number },
    connected: { name: connected.name, number: connected.number },
    accountcode: '',
    dialplan: {
      context: dialplan.context,
      exten: dialplan.exten,
      priority: dialplan.priority,
      app_name: dialplan.application,
      app_data: dialplan.data,
    },
    creationtime: timestamp(at(leg.createdAt)),
    language: 'en',
  };
}

export function bridgeModel(bridge: Bridge, at: At): object {
  const conference = bridge.kind === 'conference';
  return {
    id: bridge.id,
    technology: conference ? 'softmix' : 'simple_bridge',
    bridge_type: 'mixing',
    bridge_class: bridge.kind,
    creator: conference ? 'ConfBridge' : '',
    name: conference ? bridge.call.reached : '',
    channels: bridge.legs.map((leg) => leg.id).sort(),
    creationtime: timestamp(at(bridge.createdAt)),
    video_mode: 'none',
  };
}

export function endpointModel({ number, registered, legs }: Phone): object {
  return {
    technology: 'PJSIP',
    resource: number,
    state: registered ? 'online' : 'offline',
    channel_ids: [...legs].map((leg) => leg.id),
  };
}

/** ARI knows a file by its name and tells the format beside it. */
export function splitFile(file: string): { readonly name: string; readonly format: string } {
  const dot = file.lastIndexOf('.');
  return { name: file.slice(0, dot), format: file.slice(dot + 1) };
}
