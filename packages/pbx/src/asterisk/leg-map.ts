import type { PbxSnapshot, Said } from '../port/words.ts';
import { adoptChannels, type ListedChannel } from './adopt-channels.ts';
import type { Call } from './call.ts';
import { causeOf } from './call-cause.ts';
import {
  answer,
  answerByRooms,
  noteRinging,
  settleRoute,
  takeCaller,
  tellByGlue,
  weigh,
} from './call-story.ts';
import { endedWord, isCalled, isSameView, openWord, snapshotCall, viewOf } from './call-view.ts';
import type { ChannelNames } from './channel-names.ts';
import type { ChannelSaid, Fact } from './fact.ts';
import { LegRegistry, type RegistryBounds } from './leg-registry.ts';
import { dialledNumber, hearChannel, isPart, isParty, type Leg } from './leg.ts';

export type CallFact = Exclude<Fact, { kind: 'device' | 'endpoint' | 'hint' | 'recorded' }>;

/** What a recording was made of, as far as the PBX tells. */
export interface RecordedPlace {
  readonly channel: string | null;
  readonly bridge: string | null;
  readonly linkedid: string | null;
}

/** Causes that say nothing of why nobody talked: none told, ended in peace, another took it, told in SIP's words. */
const emptyCauses: ReadonlySet<number> = new Set([0, 16, 26, 127]);

/** How dialling can end without an answer. */
const dialEnds: ReadonlySet<string> = new Set(['BUSY', 'NOANSWER', 'CANCEL', 'CONGESTION', 'CHANUNAVAIL']);

/**
 * Folds what channels do into calls. Both interfaces tell of each channel for itself; which of them are one call is
 * told by their linkedid (AMI, and ARI where it is configured to), else by who dials whom and who meets in a room.
 *
 * Calls that were under way before we listened are seen in halves. Nothing is told of them until `settle`, when the
 * PBX's own list has been taken over or could not be had.
 */
export class LegMap {
  readonly #say: (word: Said) => void;
  readonly #registry: LegRegistry;
  #tick = 0;
  #at = 0;
  #settled = false;

  constructor(names: ChannelNames, say: (word: Said) => void, bounds?: RegistryBounds) {
    this.#say = say;
    this.#registry = new LegRegistry(names, (lost) => this.#tellLost(lost), bounds);
  }

  get sizes(): LegRegistry['sizes'] {
    return this.#registry.sizes;
  }

  apply(fact: CallFact, at: number): void {
    this.#tick++;
    this.#at = at;
    switch (fact.kind) {
      case 'channel':
        this.#touch(this.#hear(fact.channel, fact.created)?.call);
        break;
      case 'dial':
        this.#dial(fact);
        break;
      case 'enter':
        this.#enter(fact);
        break;
      case 'leave':
        this.#leave(fact);
        break;
      case 'hold':
        this.#hold(fact);
        break;
      case 'hangup':
        this.#hangUp(fact);
        break;
    }
  }

  /** A mark for `adopt`: what is heard after it is newer than the list that is asked for now. */
  mark(): number {
    return this.#tick;
  }

  /** Takes over the PBX's own list of channels, and returns the calls as they stand now. */
  adopt(listed: readonly ListedChannel[], mark: number, at: number): PbxSnapshot['calls'] {
    this.#at = at;
    const fresh = adoptChannels(this.#registry, listed, mark);
    this.#registry.listed = true;
    this.#settled = true;
    const calls: PbxSnapshot['calls'] = [];
    for (const call of this.#registry.calls) {
      call.foreign = false;
      if (!call.underWay || call.unlisted) continue;
      if (call.said !== null && fresh.has(call)) this.#touch(call);
      call.said = viewOf(call);
      calls.push(snapshotCall(call, call.said));
    }
    return calls;
  }

  /** From now on everything is told, also of calls of which we know but half. */
  settle(at: number): void {
    if (this.#settled) return;
    this.#at = at;
    this.#settled = true;
    for (const call of this.#registry.calls) this.#touch(call);
  }

  /** The key under which a call is told that has, or had, this linkedid. */
  keyOf(linkedid: string): string | null {
    return this.#registry.callOf(linkedid)?.key ?? null;
  }

  /** A channel's call, where the channel is known and its call was seen from its start or taken over from a list. */
  callOfChannel(id: string): string | null {
    const call = this.#registry.legs.get(id)?.call;
    return call === undefined || call.foreign ? null : call.key;
  }

  /** The call that was recorded: on a channel, which may be gone by then, or in a room. Null where that is not known. */
  callRecorded({ channel, bridge, linkedid }: RecordedPlace): string | null {
    const { legs, ended } = this.#registry;
    const leg = channel === null ? this.#registry.legInRoom(bridge) : legs.get(channel);
    if (leg !== undefined) return leg.call.foreign && !this.#settled ? linkedid : leg.call.key;
    return (channel === null ? undefined : ended.noteOf(channel)) ?? linkedid;
  }

  /** The channels that a call is known to have; those that only listen or play are left out. */
  channelsOf(call: string): { id: string; name: string }[] {
    const legs = this.#registry.callOf(call)?.legs ?? [];
    return legs.filter(isPart).map(({ id, name }) => ({ id, name }));
  }

  #hear(said: ChannelSaid, created: boolean): Leg | null {
    let leg = this.#registry.legs.get(said.id);
    if (leg === undefined) {
      if (this.#registry.ended.has(said.id)) return null;
      leg = this.#registry.addLeg(said, created);
      if (!leg.call.foreign) leg.call.startedAt ??= this.#at;
    } else {
      hearChannel(leg, said);
      if (said.linkedid !== null && said.linkedid !== leg.linkedid) this.#registry.assign(leg, said.linkedid);
    }
    leg.heardAt = this.#tick;
    weigh(leg, created);
    return leg;
  }

  #dial({ caller: callerSaid, peer: peerSaid, status }: Extract<Fact, { kind: 'dial' }>): void {
    const caller = callerSaid === null ? null : this.#hear(callerSaid, false);
    const peer = this.#hearDialled(peerSaid);
    if (peer === null) return;
    if (caller !== null && peerSaid.linkedid === null) this.#joinDialled(caller.call, peer.call);
    const { call } = peer;
    call.underWay = true;
    if (callerSaid === null && isParty(peer) && call.callerLeg === null) takeCaller(call, peer, false);
    if (callerSaid !== null && isCalled(call, peer)) {
      weigh(peer, false);
      // A call that the PBX began has no dialled number until the one for whom it called is sent on.
      if (call.dialled === '' && call.callerLeg !== null)
        call.dialled = dialledNumber(callerSaid.exten) || peer.number;
    }
    this.#dialStatus(peer, status);
    this.#touch(call);
  }

  /** Who dials was there before whom he dials, though the news of him may have been lost. */
  #joinDialled(caller: Call, peer: Call): void {
    caller.order = Math.min(caller.order, peer.order);
    this.#registry.join(caller, peer);
  }

  /** Marked as dialled before it is weighed, since whoever was dialled has not called. */
  #hearDialled(said: ChannelSaid): Leg | null {
    const known = this.#registry.legs.get(said.id);
    if (known === undefined && this.#registry.ended.has(said.id)) return null;
    const leg = known ?? this.#registry.addLeg(said, false);
    leg.dialled = true;
    return this.#hear(said, false);
  }

  #dialStatus(peer: Leg, status: string): void {
    const { call } = peer;
    const counts = isParty(peer) || !call.hadParty;
    if (status === '' || status === 'PROCEEDING') return;
    if (status === 'RINGING' || status === 'PROGRESS') {
      if (counts) noteRinging(peer);
    } else if (status === 'ANSWER') {
      if (counts && peer !== call.callerLeg) answer(call, peer, this.#at);
    } else if (dialEnds.has(status)) {
      call.lastDialStatus = status;
    }
  }

  #enter({ bridge: said, channel }: Extract<Fact, { kind: 'enter' }>): void {
    const leg = this.#hear(channel, false);
    if (leg === null) return;
    leg.movedAt = this.#tick;
    const bridge = this.#registry.enter(leg, said);
    if (channel.linkedid === null && !said.holding && !said.conference)
      for (const other of bridge.legs) this.#registry.join(other.call, leg.call);
    if (isParty(leg)) leg.call.underWay = true;
    answerByRooms(leg, this.#at);
    for (const other of bridge.legs) if (other.call !== leg.call) this.#touch(other.call);
    this.#touch(leg.call);
  }

  #leave({ bridge, channel }: Extract<Fact, { kind: 'leave' }>): void {
    const leg = this.#hear(channel, false);
    if (leg === null) return;
    leg.movedAt = this.#tick;
    if (leg.bridge?.id === bridge) this.#registry.leave(leg);
    this.#touch(leg.call);
  }

  #hold({ channel, on }: Extract<Fact, { kind: 'hold' }>): void {
    const leg = this.#hear(channel, false);
    if (leg === null) return;
    leg.holding = on;
    this.#touch(leg.call);
  }

  #hangUp({ channel, cause, techCause }: Extract<Fact, { kind: 'hangup' }>): void {
    const leg = this.#registry.legs.get(channel.id);
    this.#registry.ended.add(channel.id, leg?.call.key);
    if (leg === undefined) return;
    hearChannel(leg, channel);
    const { call } = leg;
    if (isParty(leg) || !call.hadParty) {
      call.lastEnd = { cause, techCause };
      if (leg === call.callerLeg) call.callerEnd = call.lastEnd;
      else if (!emptyCauses.has(cause)) call.calledCause = cause;
    }
    this.#registry.remove(leg);
    if (call.legs.some(isPart)) this.#touch(call);
    else if (isPart(leg) || call.legs.length === 0) this.#finish(call, leg);
  }

  #finish(call: Call, last: Leg): void {
    if (!call.hadParty && !call.answered) tellByGlue(call, last);
    settleRoute(call);
    if (call.underWay && this.#mayTell(call)) this.#say(endedWord(call, causeOf(call), this.#at));
    this.#registry.drop(call);
  }

  #touch(call: Call | undefined): void {
    if (call === undefined || !call.underWay || call.unlisted || !this.#mayTell(call)) return;
    const view = viewOf(call);
    if (call.said !== null && isSameView(call.said, view)) return;
    call.said = view;
    this.#say(openWord(call, view, this.#at));
  }

  #tellLost(lost: Call): void {
    if (lost.said !== null) this.#say(endedWord(lost, 'normal', this.#at));
  }

  #mayTell(call: Call): boolean {
    return this.#settled || !call.foreign;
  }
}
