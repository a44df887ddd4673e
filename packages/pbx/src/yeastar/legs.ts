import { causeFromReason, type SaidCause } from '@trunkline/domain';
import type { PbxSnapshot } from '../port/words.ts';
import { beginCall, findLeg, goesOn, isLive, isOver, type Call, type CallEnd } from './call.ts';
import { causeByLegs, causeByRecord, learnFailure } from './call-cause.ts';
import { judgeAnswer } from './call-status.ts';
import { endedWord, openWord, recordingReady, snapshotCall, tellsTheSame } from './call-words.ts';
import { EndedCalls } from './ended-calls.ts';
import { engagementsOf, type Engagement } from './engagements.ts';
import { foldMembers } from './fold-members.ts';
import type { CallRecord, Member } from './frames.ts';
import { learnFromRecord } from './learn-from-record.ts';
import type { LegsOptions, ListedCall } from './legs-options.ts';

/** No PBX carries more at once. Beyond it a call that was silent for long is forgotten: snapshots know better. */
export const CALLS_MAX = 20_000;
/** A call of which nothing was heard for so long has lost its end, and no snapshot ever came to say so. */
export const SILENT_CALL_MS = 24 * 3_600_000;
const LOOKED_AT = 4;

/**
 * Adds members up to calls: which legs each call has, what they make of it, and a word whenever a reader would learn
 * something new. Pure but for `say`; times come in.
 *
 * Until the first list of calls was taken (`adopt`) or given up (`settle`), every call is partial: the link came up in
 * its middle, for all we know. Nothing is said of it then but its certain end, since halves mislead.
 */
export class Legs {
  readonly #options: LegsOptions;
  readonly #callsMax: number;
  readonly #open = new Map<string, Call>();
  readonly #ended = new EndedCalls();
  /** Where each live channel is. One that turns up in another call was transferred there. */
  readonly #callOfChannel = new Map<string, Call>();
  #settled = false;
  #tick = 0;

  constructor(options: LegsOptions) {
    this.#options = options;
    this.#callsMax = options.callsMax ?? CALLS_MAX;
  }

  get size(): { readonly open: number; readonly ended: number; readonly channels: number } {
    return { open: this.#open.size, ended: this.#ended.size, channels: this.#callOfChannel.size };
  }

  isOpen(key: string): boolean {
    return this.#open.has(key);
  }

  hearMembers(key: string, members: readonly Member[], at: number): void {
    const call = members.length === 0 ? null : this.#callFor(key, members, at);
    if (call === null) return;
    this.#fold(call, members, at);
    if (isOver(call) && !call.partial) this.#end(call, causeByLegs(call), at, false);
    else this.#tell(call, at);
  }

  /**
   * A failure ends the call where no member is left; else it is kept as the likely reason of a coming end. One that comes
   * after the end tells better than BYE or a record why it came.
   */
  hearFailure(key: string, reason: string, members: readonly Member[] | null, at: number): void {
    const ended = this.#ended.get(key);
    if (ended !== undefined) {
      if (learnFailure(ended, reason)) this.#tellEnd(ended, at);
      return;
    }
    const call = this.#open.get(key) ?? this.#begin(key, members ?? [], at);
    call.failure = causeFromReason(reason);
    this.#fold(call, members ?? [], at);
    const over = members === null || members.length === 0 || isOver(call);
    if (over) this.#end(call, call.answered ? 'normal' : call.failure, at, true);
    else this.#tell(call, at);
  }

  hearRecord(record: CallRecord, at: number, endedAt = at): void {
    const ended = this.#ended.get(record.call);
    const call = ended ?? this.#open.get(record.call) ?? this.#begin(record.call, [], at);
    const isNew = call.legs.length === 0 && ended === undefined;
    if (isNew) call.startedAt = this.#options.startOf(call.key) ?? call.startedAt;
    if (ended === undefined || ended.unlisted) this.#close(call, causeByRecord(call, record), endedAt, true);
    else if (call.end?.certain === false) correct(call.end, causeByRecord(call, record));
    const recording = learnFromRecord(call, record, this.#options.isExtension);
    this.#tellEnd(call, at);
    if (recording) this.#options.say(recordingReady(record, at));
  }

  /** A mark for `adopt`: what is heard after it is newer than the list that is asked for now. */
  mark(): number {
    return this.#tick;
  }

  /**
   * Takes over the PBX's complete list: legs and calls that it leaves out, and of which nothing was heard since it was
   * asked for, are over without a word; what was heard since wins. Returns all that is open now. No call is partial
   * afterwards: one that began in between was heard from its beginning, or it would have been listed.
   */
  adopt(listed: readonly ListedCall[], mark: number, at: number): PbxSnapshot['calls'][number][] {
    const adopted = new Set<string>();
    for (const { call: key, members } of listed)
      if (this.#adoptCall(key, members, mark, at)) adopted.add(key);
    for (const call of this.#open.values()) {
      call.partial = false;
      if (call.heardAt > mark) continue;
      if (adopted.has(call.key)) this.#toldByList(call, at);
      else this.#vanish(call, at);
    }
    this.settle(at);
    return [...this.#open.values()].map((call) => snapshotCall(call, this.#options.nameOf));
  }

  /** Says what was held back, as far as it is not over. Also called when the first list could not be had. */
  settle(at: number): void {
    this.#settled = true;
    for (const call of this.#open.values()) {
      if (isOver(call) && !call.partial) this.#end(call, causeByLegs(call), call.changedAt, false);
      else this.#tell(call, at);
    }
  }

  /** What the calls say of the phones on them. */
  engagements(): Map<string, Engagement> {
    return engagementsOf(this.#open.values());
  }

  #callFor(key: string, members: readonly Member[], at: number): Call | null {
    const open = this.#open.get(key);
    if (open !== undefined) return open;
    const ended = this.#ended.get(key);
    if (ended === undefined) return this.#begin(key, members, at);
    if (ended.unlisted) return ended;
    if (goesOn(ended, members)) return this.#reopen(ended, at);
    this.#learnLate(ended, members, at);
    return null;
  }

  /** A member that is told of only now, with its BYE, may be the outside party: who called is worth telling. */
  #learnLate(ended: Call, members: readonly Member[], at: number): void {
    const news = members.filter(
      ({ channel, side }) => side !== 'extension' && findLeg(ended, channel) === undefined,
    );
    if (news.length === 0) return;
    foldMembers(ended, news, ended.heardAt);
    this.#tellEnd(ended, at);
  }

  #begin(key: string, members: readonly Member[], at: number): Call {
    this.#makeRoom(at);
    const inMiddle = members.length > 0 && members.every(({ status }) => status === 'BYE');
    const partial = !this.#settled || inMiddle;
    const call = beginCall({
      key,
      at,
      tick: this.#tick,
      partial,
      startedAt: partial ? (this.#options.startOf(key) ?? at) : at,
      dialledFor: this.#options.dialledFor(key, members),
    });
    this.#open.set(key, call);
    return call;
  }

  #reopen(call: Call, at: number): Call {
    this.#makeRoom(at);
    this.#ended.delete(call.key);
    call.end = null;
    call.unlisted = false;
    this.#open.set(call.key, call);
    return call;
  }

  /**
   * With each new call a few old ones are looked at, in turn, and put behind the others: so every call is looked at again
   * and again, and hearing of a call costs nothing.
   */
  #makeRoom(at: number): void {
    const looked = [...this.#open.values().take(LOOKED_AT)];
    for (const call of looked) {
      this.#open.delete(call.key);
      if (at - call.changedAt > SILENT_CALL_MS) this.#forget(call);
      else this.#open.set(call.key, call);
    }
    if (this.#open.size < this.#callsMax) return;
    const silent = looked.reduce((one, other) => (other.heardAt < one.heardAt ? other : one));
    this.#forget(silent);
  }

  #fold(call: Call, members: readonly Member[], at: number): void {
    this.#tick++;
    call.heardAt = this.#tick;
    call.changedAt = at;
    foldMembers(call, members, this.#tick);
    // Of a call found in its middle nobody knows when it was answered; the moment of the word itself counts then.
    judgeAnswer(call, call.partial ? undefined : at);
    if (!call.unlisted) for (const { channel } of members) this.#place(channel, call, at);
  }

  #place(channel: string, call: Call, at: number): void {
    const leg = findLeg(call, channel);
    const before = this.#callOfChannel.get(channel);
    if (leg === undefined || !isLive(leg)) {
      if (before === call) this.#callOfChannel.delete(channel);
      return;
    }
    if (before === call) return;
    this.#callOfChannel.set(channel, call);
    if (before !== undefined) this.#leave(before, channel, at);
  }

  /** The channel went over to another call; where it was the last one, the call that it left is over. */
  #leave(call: Call, channel: string, at: number): void {
    const index = call.legs.findIndex((leg) => leg.channel === channel);
    if (index === -1) return;
    call.legs.splice(index, 1);
    if (isOver(call) && !call.partial)
      this.#end(call, call.answered ? 'normal' : causeByLegs(call), at, false);
    else this.#tell(call, at);
  }

  #tell(call: Call, at: number): void {
    if (!this.#settled || call.unlisted || call.legs.length === 0 || isOver(call)) return;
    const word = openWord(call, this.#options.nameOf, at);
    if (call.lastWord !== null && tellsTheSame(call.lastWord, word)) return;
    call.lastWord = word;
    this.#options.say(word);
  }

  #end(call: Call, cause: SaidCause, at: number, certain: boolean): void {
    this.#close(call, cause, at, certain);
    this.#tellEnd(call, at);
  }

  #close(call: Call, cause: SaidCause, at: number, certain: boolean): void {
    call.end = { at, cause, certain, talkSeconds: null, recordings: [] };
    call.unlisted = false;
    this.#forget(call);
    this.#ended.add(call, at);
  }

  /** Over, and how it ended may still come: its last members, its record. Of one that nobody heard of nothing is kept. */
  #vanish(call: Call, at: number): void {
    if (call.lastWord === null) return this.#forget(call);
    this.#close(call, causeByLegs(call), at, false);
    call.unlisted = true;
  }

  #tellEnd(call: Call, at: number): void {
    if (call.end === null) return;
    const word = endedWord(call, call.end, this.#options.nameOf, at);
    if (call.lastWord !== null && tellsTheSame(call.lastWord, word)) return;
    call.lastWord = word;
    this.#options.say(word);
  }

  #forget(call: Call): void {
    this.#open.delete(call.key);
    for (const { channel } of call.legs)
      if (this.#callOfChannel.get(channel) === call) this.#callOfChannel.delete(channel);
  }

  /** The list tells of it; another word would tell the same. */
  #toldByList(call: Call, at: number): void {
    call.changedAt = at;
    call.lastWord = openWord(call, this.#options.nameOf, at);
  }

  #adoptCall(key: string, members: readonly Member[], mark: number, at: number): boolean {
    const live = members.some(({ status }) => status !== 'BYE');
    const ended = this.#ended.get(key);
    // Ended while the list was on its way; one that had ended before and is listed all the same goes on.
    if (!live || (ended !== undefined && ended.heardAt > mark)) return false;
    const call =
      this.#open.get(key) ?? (ended === undefined ? this.#begin(key, [], at) : this.#reopen(ended, at));
    const isNew = call.legs.length === 0;
    if (isNew) {
      call.startedAt = this.#options.startOf(key);
      call.heardAt = mark;
    }
    this.#makeWay(call, members, mark);
    const news = members.filter(({ channel }) => (findLeg(call, channel)?.heardAt ?? 0) <= mark);
    foldMembers(call, news, mark);
    judgeAnswer(call, isNew || call.partial ? undefined : at);
    for (const { channel } of news) this.#place(channel, call, at);
    return true;
  }

  /** Legs that the list leaves out are gone, and those that it names stand as it says, also where they had said BYE. */
  #makeWay(call: Call, members: readonly Member[], mark: number): void {
    const old = call.legs.filter(({ heardAt }) => heardAt <= mark);
    for (const leg of old) {
      leg.status = null;
      if (members.some(({ channel }) => channel === leg.channel)) continue;
      call.legs.splice(call.legs.indexOf(leg), 1);
      if (this.#callOfChannel.get(leg.channel) === call) this.#callOfChannel.delete(leg.channel);
    }
  }
}

function correct(end: CallEnd, cause: SaidCause): void {
  end.cause = cause;
  end.certain = true;
}
