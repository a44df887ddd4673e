import type { ChannelNames } from './channel-names.ts';
import { absorb, createCall, type Call } from './call.ts';
import type { BridgeSaid, ChannelSaid } from './fact.ts';
import { dialledNumber, isPart, type Bridge, type Leg } from './leg.ts';
import { RecentKeys } from './recent-keys.ts';

export interface RegistryBounds {
  /** Legs whose end was never heard stay until a snapshot; beyond this many the oldest is forgotten. */
  readonly legsMax: number;
  /** How many ended channels are remembered, so that a late frame does not bring one back. */
  readonly endedMax: number;
}

const LINKEDIDS_A_CALL_MAX = 32;

/** How much older a call counts that was under way before we listened; more than legs ever appear in one connection. */
const BEFORE_US = 2 ** 40;

const usualBounds: RegistryBounds = { legsMax: 20_000, endedMax: 4096 };

/** Which legs there are, which call each belongs to, and under which names a call is known. */
export class LegRegistry {
  readonly #names: ChannelNames;
  readonly #bounds: RegistryBounds;
  readonly #onLost: (lost: Call) => void;
  readonly legs = new Map<string, Leg>();
  readonly calls = new Set<Call>();
  readonly #callsByLinkedid = new Map<string, Call>();
  readonly #bridges = new Map<string, Bridge>();
  /** Halves of Local channels that wait for their other half. */
  readonly #halves = new Map<string, Leg>();
  /** Channels that are gone, with the call that each was of. */
  readonly ended: RecentKeys;
  /** The PBX's own list was taken over: what is heard of for the first time from now on is new. */
  listed = false;
  #order = 0;

  /** `onLost` hears of a call that is about to lose its name, to another call or to a better one, while it has its legs. */
  constructor(names: ChannelNames, onLost: (lost: Call) => void, bounds: RegistryBounds = usualBounds) {
    this.#names = names;
    this.#bounds = bounds;
    this.#onLost = onLost;
    this.ended = new RecentKeys(bounds.endedMax);
  }

  get sizes(): Readonly<Record<'legs' | 'calls' | 'linkedids' | 'bridges' | 'halves' | 'ended', number>> {
    return {
      legs: this.legs.size,
      calls: this.calls.size,
      linkedids: this.#callsByLinkedid.size,
      bridges: this.#bridges.size,
      halves: this.#halves.size,
      ended: this.ended.size,
    };
  }

  callOf(linkedid: string): Call | undefined {
    return this.#callsByLinkedid.get(linkedid);
  }

  /** A leg that was not known yet. Where no frame tells its conversation, it begins one of its own. */
  addLeg(said: ChannelSaid, seenFromStart: boolean): Leg {
    if (this.legs.size >= this.#bounds.legsMax) this.#forgetOldest();
    const order = ++this.#order;
    const key = said.linkedid ?? said.id;
    const named = this.#names.read(said.name);
    const foreign = !seenFromStart || key !== said.id;
    const call = this.#callsByLinkedid.get(key) ?? this.#addCall(key, { order, named }, foreign);
    const leg: Leg = {
      id: said.id,
      name: said.name,
      named,
      order,
      state: said.state,
      number: said.number,
      callerName: said.callerName,
      exten: dialledNumber(said.exten),
      linkedid: said.linkedid,
      call,
      bridge: null,
      holding: false,
      dialled: false,
      heardAt: 0,
      movedAt: 0,
    };
    this.legs.set(leg.id, leg);
    call.legs.push(leg);
    this.#pairUp(leg);
    return leg;
  }

  /** The conversation is called so: now, or by the PBX's own list. `isList` lets the list's name win over a guess. */
  assign(leg: Leg, linkedid: string, isList = false): void {
    leg.linkedid = linkedid;
    const known = this.#callsByLinkedid.get(linkedid) ?? this.#addCall(linkedid, leg, true);
    const call = this.join(known, leg.call);
    if (isList) this.#correctName(call, linkedid);
  }

  /** A name that nobody was told yet, or that was a guess because no list could be had, may still be corrected. */
  #correctName(call: Call, linkedid: string): void {
    if (call.key === linkedid || (call.said !== null && !call.foreign)) return;
    this.#onLost(call);
    call.said = null;
    call.key = linkedid;
  }

  /** Two calls are one, which goes on under one of the names. Of two that count the same it is `one`. */
  join(one: Call, other: Call): Call {
    if (one === other) return one;
    const [survivor, lost] = goesOn(one, other) ? [one, other] : [other, one];
    this.#onLost(lost);
    for (const leg of lost.legs) {
      leg.call = survivor;
      survivor.legs.push(leg);
    }
    lost.legs.length = 0;
    for (const linkedid of lost.linkedids) this.#callsByLinkedid.set(linkedid, survivor);
    survivor.linkedids.push(...lost.linkedids);
    this.#boundLinkedids(survivor);
    absorb(survivor, lost);
    this.calls.delete(lost);
    return survivor;
  }

  /** Where frames tell no linkedid every leg brings a name of its own, and a caller in a queue may ring hundreds. */
  #boundLinkedids({ key, linkedids }: Call): void {
    while (linkedids.length > LINKEDIDS_A_CALL_MAX) {
      const index = linkedids[0] === key ? 1 : 0;
      for (const linkedid of linkedids.splice(index, 1)) this.#callsByLinkedid.delete(linkedid);
    }
  }

  enter(leg: Leg, said: BridgeSaid): Bridge {
    this.leave(leg);
    const bridge = this.#bridges.get(said.id) ?? { ...said, legs: new Set<Leg>() };
    bridge.holding = said.holding;
    bridge.conference = said.conference;
    bridge.legs.add(leg);
    this.#bridges.set(said.id, bridge);
    leg.bridge = bridge;
    return bridge;
  }

  /** Anybody who is in a room. */
  legInRoom(id: string | null): Leg | undefined {
    return id === null ? undefined : this.#bridges.get(id)?.legs.values().next().value;
  }

  leave(leg: Leg): void {
    const { bridge } = leg;
    if (bridge === null) return;
    bridge.legs.delete(leg);
    if (bridge.legs.size === 0) this.#bridges.delete(bridge.id);
    leg.bridge = null;
  }

  remove(leg: Leg): void {
    this.leave(leg);
    this.legs.delete(leg.id);
    const { legs } = leg.call;
    legs.splice(legs.indexOf(leg), 1);
    if (leg.named.kind === 'local' && this.#halves.get(leg.named.pair) === leg)
      this.#halves.delete(leg.named.pair);
  }

  /** Forgets a call with whatever is left of it. */
  drop(call: Call): void {
    for (const leg of call.legs.slice()) {
      this.remove(leg);
      this.ended.add(leg.id, call.key);
    }
    this.calls.delete(call);
    for (const linkedid of call.linkedids) this.#callsByLinkedid.delete(linkedid);
  }

  #addCall(key: string, first: Pick<Leg, 'order' | 'named'>, foreign: boolean): Call {
    const isOld = foreign && !this.listed && isPart(first);
    const call = createCall(key, isOld ? first.order - BEFORE_US : first.order, foreign);
    this.calls.add(call);
    this.#callsByLinkedid.set(key, call);
    return call;
  }

  /** Both halves of a Local channel belong to the same call, whoever says so or not. */
  #pairUp(leg: Leg): void {
    if (leg.named.kind !== 'local') return;
    const half = this.#halves.get(leg.named.pair);
    if (half === undefined) {
      this.#halves.set(leg.named.pair, leg);
      return;
    }
    this.#halves.delete(leg.named.pair);
    if (leg.linkedid === null) this.join(half.call, leg.call);
  }

  #forgetOldest(): void {
    for (const leg of this.legs.values()) {
      this.remove(leg);
      if (!leg.call.legs.some(isPart)) this.drop(leg.call);
      return;
    }
  }
}

const wasUnderWay = ({ order }: Call): boolean => order < 0;

/**
 * A call that was under way before we listened is older than any that we saw begin, whichever was heard or told first:
 * who consults somebody and leaves the two to each other ends the consultation. Of others what has been told of keeps
 * its name; of two such calls, or none, the older does.
 */
function goesOn(one: Call, other: Call): boolean {
  const byTime = other.order - one.order;
  if (wasUnderWay(one) !== wasUnderWay(other)) return byTime > 0;
  const byTold = Number(one.said !== null) - Number(other.said !== null);
  return byTold === 0 ? byTime >= 0 : byTold > 0;
}
