import type { ExtensionStatus } from '@trunkline/domain';
import type { ListedChannel } from '../asterisk/adopt-channels.ts';
import type { AsteriskState } from '../asterisk/asterisk-state.ts';
import type { ChannelNames } from '../asterisk/channel-names.ts';
import type { BridgeSaid } from '../asterisk/fact.ts';
import { phoneStatusOfDevice, phoneStatusOfHint, phoneStatusOfText } from '../asterisk/phone-status.ts';
import { isHintOfPhone } from '../asterisk/phones.ts';
import { RefusalError } from '../port/fault.ts';
import type { PbxSnapshot } from '../port/words.ts';
import type { Actions } from './actions.ts';
import { caller, readChannel } from './codec.ts';
import { headerOf } from './header.ts';

export interface AmiSnapshotContext {
  readonly actions: Actions;
  readonly state: AsteriskState;
  readonly at: () => number;
  readonly signal: AbortSignal;
}

/** Everything that goes on, from the PBX's own lists. Rooms and hints add to it and may be missing. */
export async function takeSnapshot({ actions, state, at, signal }: AmiSnapshotContext): Promise<PbxSnapshot> {
  const mark = state.mark();
  const askedAt = at();
  const [channels, devices, bridges, hints, endpoints] = await Promise.all([
    listChannels(actions, signal),
    actions.list('DeviceStateList', {}, signal),
    listOrNone(actions, 'BridgeList', signal),
    listOrNone(actions, 'ExtensionStateList', signal),
    listOrNone(actions, 'PJSIPShowEndpoints', signal),
  ]);
  const rooms = roomsOf(bridges);
  const onHold = new Set(
    devices.filter((row) => headerOf(row, 'State') === 'ONHOLD').map((row) => headerOf(row, 'Device')),
  );
  const listed = channels.map((row) => rowOf(row, rooms, onHold, askedAt));
  return state.adopt(listed, phonesOf(devices, hints, endpoints, state.names), mark, at());
}

export const listChannels = (actions: Actions, signal: AbortSignal): Promise<string[]> =>
  actions.list('CoreShowChannels', {}, signal);

/** A list that older or smaller installations lack, or that our user may not see. */
async function listOrNone(actions: Actions, action: string, signal: AbortSignal): Promise<string[]> {
  try {
    return await actions.list(action, {}, signal);
  } catch (error) {
    if (error instanceof RefusalError && !error.message.startsWith('The list of')) return [];
    throw error;
  }
}

function roomsOf(rows: readonly string[]): ReadonlyMap<string, BridgeSaid> {
  const rooms = new Map<string, BridgeSaid>();
  for (const row of rows) {
    const id = headerOf(row, 'BridgeUniqueid');
    const holding =
      headerOf(row, 'BridgeTechnology') === 'holding_bridge' || headerOf(row, 'BridgeType') === 'holding';
    rooms.set(id, { id, holding, conference: headerOf(row, 'BridgeCreator') === 'ConfBridge' });
  }
  return rooms;
}

function rowOf(
  row: string,
  rooms: ReadonlyMap<string, BridgeSaid>,
  onHold: ReadonlySet<string>,
  askedAt: number,
): ListedChannel {
  const channel = readChannel(row, caller);
  if (channel === null) throw new RefusalError('The list of channels has one without Uniqueid or Channel.');
  const bridge = headerOf(row, 'BridgeId');
  const seconds = secondsOf(headerOf(row, 'Duration'));
  return {
    channel,
    linkedid: null,
    startedAt: seconds === null ? undefined : askedAt - seconds * 1000,
    bridge: bridge === '' ? null : (rooms.get(bridge) ?? { id: bridge, holding: false, conference: false }),
    onHold: onHold.has(channel.name.replace(/-[^-]*$/, '')),
  };
}

function secondsOf(duration: string): number | null {
  const parts = /^(\d{1,6}):(\d\d):(\d\d)$/.exec(duration);
  return parts === null ? null : Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3]);
}

/** Devices know best; hints and endpoints add the phones of which no device state is kept. */
function phonesOf(
  devices: readonly string[],
  hints: readonly string[],
  endpoints: readonly string[],
  names: ChannelNames,
): Map<string, ExtensionStatus> {
  const phones = new Map<string, ExtensionStatus>();
  const add = (number: string | null, status: ExtensionStatus | null): void => {
    if (number !== null && status !== null && !phones.has(number)) phones.set(number, status);
  };
  for (const row of devices)
    add(names.extensionOf(headerOf(row, 'Device')), phoneStatusOfDevice(headerOf(row, 'State')));
  for (const row of hints) {
    const exten = headerOf(row, 'Exten');
    if (isHintOfPhone(exten, headerOf(row, 'Hint')))
      add(exten, phoneStatusOfHint(Number(headerOf(row, 'Status'))));
  }
  for (const row of endpoints)
    add(
      names.extensionOf(`PJSIP/${headerOf(row, 'ObjectName')}`),
      phoneStatusOfText(headerOf(row, 'DeviceState')),
    );
  return phones;
}
