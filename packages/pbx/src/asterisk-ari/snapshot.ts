import type { ListedChannel } from '../asterisk/adopt-channels.ts';
import type { BridgeSaid, ChannelSaid } from '../asterisk/fact.ts';
import { mapBounded } from '../asterisk/map-bounded.ts';
import { LinkError } from '../port/fault.ts';
import type { PbxSnapshot } from '../port/words.ts';
import { readBridge, readChannel } from './codec.ts';
import { listPhones } from './phones-listed.ts';
import {
  deviceStateOf,
  linkedidOf,
  listOf,
  QUESTIONS_AT_ONCE,
  type AriSnapshotContext,
} from './questions.ts';
import { timeOf } from './time.ts';

/** Everything that goes on, from the PBX's own lists. Any of them missing fails the whole. */
export async function takeSnapshot(context: AriSnapshotContext): Promise<PbxSnapshot> {
  const { rest, state, signal } = context;
  const mark = state.mark();
  const [channels, bridges, endpoints] = await Promise.all([
    rest.get(['channels'], { signal }),
    rest.get(['bridges'], { signal }),
    rest.get(['endpoints'], { signal }),
  ]);
  const rooms = roomsOf(listOf(bridges, 'bridges'));
  const rows = listOf(channels, 'channels').map((channel) => rowOf(channel, rooms, context));
  const named = await mapBounded(rows, QUESTIONS_AT_ONCE, (row) => nameConversation(row, context));
  const listed = named.filter((row) => row !== null);
  const phones = await listPhones(listOf(endpoints, 'endpoints'), listed, context);
  return state.adopt(listed, phones, mark, context.at());
}

function roomsOf(bridges: readonly unknown[]): ReadonlyMap<string, BridgeSaid> {
  const rooms = new Map<string, BridgeSaid>();
  for (const value of bridges) {
    const bridge = readBridge(value);
    if (bridge === null) throw new LinkError({ kind: 'protocol' }, 'A listed bridge has no id.');
    const { channels } = value as { readonly channels?: unknown };
    for (const id of Array.isArray(channels) ? channels : []) rooms.set(String(id), bridge);
  }
  return rooms;
}

function rowOf(
  value: unknown,
  rooms: ReadonlyMap<string, BridgeSaid>,
  { at, clockOffsetMs }: AriSnapshotContext,
): ListedChannel {
  const channel = readChannel(value);
  if (channel === null)
    throw new LinkError({ kind: 'protocol' }, 'A listed channel has no id, name or state.');
  const created = timeOf((value as { readonly creationtime?: unknown }).creationtime);
  return {
    channel,
    linkedid: null,
    startedAt: created === null ? undefined : Math.min(at(), Math.max(0, created + clockOffsetMs)),
    bridge: rooms.get(channel.id) ?? null,
    onHold: false,
  };
}

/**
 * Asks which conversation a channel belongs to, where neither the list tells it nor we have seen it begin. Null for a
 * channel that is gone by then.
 */
async function nameConversation(
  row: ListedChannel,
  context: AriSnapshotContext,
): Promise<ListedChannel | null> {
  const { channel } = row;
  const { state } = context;
  if (state.calls.callOfChannel(channel.id) !== null) return row;
  const linkedid = channel.linkedid ?? (await linkedidOf(channel.id, context));
  if (linkedid === null) return null;
  const onHold = row.bridge !== null && !row.bridge.holding && (await isOnHold(channel, context));
  return { ...row, linkedid, onHold };
}

/**
 * No list tells who is kept waiting, so the device is asked. Not knowing is no reason to fail: the call is then shown
 * as talking, which it was and will be again.
 */
async function isOnHold(channel: ChannelSaid, { rest, state, signal }: AriSnapshotContext): Promise<boolean> {
  const named = state.names.read(channel.name);
  if (named.kind !== 'extension' && named.kind !== 'trunk') return false;
  const device = channel.name.replace(/-[^-]*$/, '');
  return (await deviceStateOf(device, { rest, signal })) === 'ONHOLD';
}
