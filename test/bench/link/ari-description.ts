/**
 * What ari-client asks of a PBX before it connects, in Swagger 1.2: which events there are, which of their fields it has
 * classes for, and which operations it has to give to each object of those. Operations are those of Asterisk 22, by
 * name. Of its 57 models of events and parts there are only the events that the recording holds, which makes
 * ari-client's search for the right one shorter than it usually is.
 */
export function describe(path: string, host: string, eventTypes: Iterable<string>): object | null {
  if (path === '/resources.json') return describeAll(`http://${host}${docs}`);
  const name = /^\/(\w+)\.json$/.exec(path)?.[1] ?? '';
  if (!names.includes(name)) return null;
  return {
    ...head,
    resourcePath: `/${name}`,
    apis: [{ path: `/${name}`, operations: (operations.get(name) ?? []).map(operation) }],
    models: name === 'events' ? Object.fromEntries(Array.from(eventTypes, eventModel)) : {},
  };
}

/** Where descriptions are found; given without it. */
export const docs = '/ari/api-docs';

const describeAll = (basePath: string): object => ({
  ...head,
  basePath,
  apis: names.map((name) => ({ path: `/${name}.{format}` })),
});

const head = { swaggerVersion: '1.2', apiVersion: '1.0' };

const operations: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    channels: `list originate create get originateWithId hangup continueInDialplan move redirect answer ring ringStop
      sendDTMF mute unmute hold unhold startMoh stopMoh startSilence stopSilence play playWithId record getChannelVar
      setChannelVar snoopChannel snoopChannelWithId dial rtpstatistics externalMedia`,
    bridges: `list create createWithId get destroy addChannel removeChannel setVideoSource clearVideoSource startMoh
      stopMoh play playWithId record`,
    deviceStates: 'list get update delete',
    endpoints: 'list sendMessage listByTech get sendMessageToEndpoint',
  }).map(([name, text]) => [name, text.split(/\s+/)]),
);
const names = ['events', ...operations.keys()];

const operation = (nickname: string): object => ({ nickname, method: 'POST', type: 'void', parameters: [] });

const fields: Readonly<Record<string, string>> = {
  Dial: 'caller:Channel peer:Channel dialstring dialstatus forward forwarded:Channel',
  DeviceStateChanged: 'device_state:DeviceState',
  PeerStatusChange: 'endpoint:Endpoint peer:Peer',
  ContactStatusChange: 'endpoint:Endpoint contact_info:ContactInfo',
  ChannelDestroyed: 'cause cause_txt tech_cause channel:Channel',
  ChannelEnteredBridge: 'bridge:Bridge channel:Channel',
  ChannelLeftBridge: 'bridge:Bridge channel:Channel',
  BridgeCreated: 'bridge:Bridge',
  BridgeDestroyed: 'bridge:Bridge',
  BridgeMerged: 'bridge:Bridge bridge_from:Bridge',
  BridgeBlindTransfer: `channel:Channel replace_channel:Channel transferee:Channel exten context result is_external
    bridge:Bridge`,
  BridgeAttendedTransfer: `transferer_first_leg:Channel transferer_second_leg:Channel replace_channel:Channel
    transferee:Channel transfer_target:Channel result is_external transferer_first_leg_bridge:Bridge
    transferer_second_leg_bridge:Bridge destination_type destination_bridge destination_application`,
};

function eventModel(type: string): [string, object] {
  const own = (fields[type] ?? 'channel:Channel').split(/\s+/).map((field) => field.split(':'));
  const properties = own.map(([name = '', kind = 'string']) => [name, { type: kind, required: false }]);
  return [type, { id: type, properties: Object.fromEntries(properties) as object }];
}
