import type { Call } from './call.ts';
import { answerByRooms, weigh } from './call-story.ts';
import { isCalled, partyOf } from './call-view.ts';
import type { BridgeSaid, ChannelSaid } from './fact.ts';
import type { LegRegistry } from './leg-registry.ts';
import { hearChannel, isPart, type Leg } from './leg.ts';

/** A channel in the PBX's own list. */
export interface ListedChannel {
  readonly channel: ChannelSaid;
  /** Asked for separately where the list doesn't tell it. */
  readonly linkedid: string | null;
  readonly startedAt: number | undefined;
  readonly bridge: BridgeSaid | null;
  /** The other party keeps it waiting. */
  readonly onHold: boolean;
}

/**
 * Makes the registry agree with the PBX's complete list: what is listed is taken over, what is not listed is
 * over, and what was heard since the list was asked for is left alone. Returns the calls of which something was
 * heard since.
 */
export function adoptChannels(
  registry: LegRegistry,
  listed: readonly ListedChannel[],
  mark: number,
): Set<Call> {
  const ids = new Set(listed.map(({ channel }) => channel.id));
  forgetUnlisted(registry, ids, mark);
  const alive = listed.filter(({ channel }) => !registry.ended.has(channel.id)).sort(byAge);
  const fresh = alive.filter((row) => adopt(registry, row, mark));
  for (const { channel, onHold } of fresh) if (onHold) hold(registry.legs.get(channel.id));
  const halves = [...registry.calls].filter(({ foreign, said }) => foreign && said === null);
  for (const call of halves) guessAgain(call, alive);
  for (const leg of registry.legs.values()) {
    weigh(leg, false);
    if (isPart(leg) && leg.state !== 'down') leg.call.underWay = true;
  }
  for (const leg of registry.legs.values()) answerByRooms(leg, undefined);
  for (const call of halves) tellAnswerer(call);
  return new Set([...registry.legs.values()].filter(({ heardAt }) => heardAt > mark).map(({ call }) => call));
}

/**
 * What is not listed is over. Lists come by a way of their own, and how a call ended may still wait on the other, with
 * more of its life before it: a call that was told of is kept until the next list, so that its end is told whole.
 */
function forgetUnlisted(registry: LegRegistry, ids: ReadonlySet<string>, mark: number): void {
  const isGone = ({ id, heardAt }: Leg): boolean => !ids.has(id) && heardAt <= mark;
  for (const call of registry.calls) {
    const isKept = !call.unlisted && call.said !== null && call.legs.every(isGone);
    if (call.legs.some(({ id }) => ids.has(id))) call.unlisted = false;
    if (isKept) call.unlisted = true;
    else forgetGone(registry, call, isGone);
  }
}

function forgetGone(registry: LegRegistry, call: Call, isGone: (leg: Leg) => boolean): void {
  for (const leg of call.legs.filter(isGone)) {
    registry.remove(leg);
    registry.ended.add(leg.id, call.key);
  }
  if (!call.legs.some(isPart)) registry.drop(call);
}

/** The channel that gave the conversation its name began it, whatever order the list has. */
function byAge(one: ListedChannel, other: ListedChannel): number {
  const gaveName = Number(isFirst(other)) - Number(isFirst(one));
  return gaveName === 0 ? (one.startedAt ?? 0) - (other.startedAt ?? 0) : gaveName;
}

const isFirst = ({ channel, linkedid }: ListedChannel): boolean =>
  (channel.linkedid ?? linkedid) === channel.id;

/**
 * What was thought of a call that we saw in halves, by whichever leg happened to be heard first, is thought anew with
 * the whole list at hand: the leg that gave the conversation its name called, or else the oldest.
 */
function guessAgain(call: Call, byAge: readonly ListedChannel[]): void {
  call.callerLeg = null;
  call.caller = undefined;
  call.callee = undefined;
  call.route = undefined;
  call.dialled = '';
  const ages = new Map(byAge.map(({ channel }, age) => [channel.id, age]));
  const ageOf = ({ id }: Leg): number => (id === call.key ? -1 : (ages.get(id) ?? ages.size));
  call.legs.sort((one, other) => ageOf(one) - ageOf(other));
  for (const leg of call.legs) weigh(leg, false);
}

function tellAnswerer(call: Call): void {
  if (!call.answered) return;
  const by = call.legs.find((leg) => leg.state === 'up' && isCalled(call, leg));
  if (by !== undefined) call.callee ??= partyOf(by);
}

/** True where the channel was not known before. */
function adopt(registry: LegRegistry, row: ListedChannel, mark: number): boolean {
  const { channel } = row;
  const known = registry.legs.get(channel.id);
  const leg = known ?? registry.addLeg(channel, false);
  const linkedid = channel.linkedid ?? row.linkedid;
  if (linkedid !== null) registry.assign(leg, linkedid, true);
  leg.call.startedAt ??= row.startedAt;
  if (leg.movedAt <= mark) moveTo(registry, leg, row.bridge);
  if (known !== undefined && known.heardAt > mark) return false;
  hearChannel(leg, channel);
  return known === undefined;
}

function moveTo(registry: LegRegistry, leg: Leg, bridge: BridgeSaid | null): void {
  if (bridge === null) {
    registry.leave(leg);
    return;
  }
  const { legs } = registry.enter(leg, bridge);
  if (bridge.holding || bridge.conference) return;
  // Where both say of which conversation they are, that counts; else who is in a room together talks together.
  for (const other of legs)
    if (leg.linkedid === null || other.linkedid === null) registry.join(other.call, leg.call);
}

/** Lists tell who is kept waiting; the one who keeps him waiting is the other in the room, and will end it. */
function hold(kept: Leg | undefined): void {
  if (kept === undefined) return;
  const others = [...(kept.bridge?.legs ?? [])].filter((leg) => leg !== kept);
  for (const leg of others.length === 0 ? [kept] : others) leg.holding = true;
}
