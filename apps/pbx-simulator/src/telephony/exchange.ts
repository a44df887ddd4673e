import type { CallPlan, TransferOrder } from '../contract/call-plan.ts';
import type { EndCause, Ledger, LedgerCall } from '../contract/ledger.ts';
import type { Call } from './call.ts';
import { isReached, ledgerCallOf } from './derive-call.ts';
import { OrderError, type Desk } from './desk.ts';
import { answerCall } from './flows/answer-call.ts';
import { hangUp, hangUpLeg, type HangUpWish } from './flows/hang-up.ts';
import { holdCall } from './flows/hold-call.ts';
import { joinCall } from './flows/join-call.ts';
import { answerOriginated, originateCall, type OriginateOrder } from './flows/originate-call.ts';
import { pickUp } from './flows/pick-up.ts';
import { placeCall } from './flows/place-call.ts';
import { ringTargets } from './flows/ring-targets.ts';
import { transferCall } from './flows/transfer-call.ts';
import type { Happening } from './happening.ts';
import type { Identities } from './identities.ts';
import type { Leg } from './leg.ts';
import { newCall } from './open-call.ts';
import { phoneStatusOf, type Phone } from './phone.ts';
import { Switchboard } from './switchboard.ts';

export interface ExchangeOptions {
  readonly phones: ReadonlyMap<string, Phone>;
  readonly identities: Identities;
  readonly now: () => number;
  readonly historyMax: number;
  readonly pickupIsCall: boolean;
  /** Whether a client can know of a call of which nobody's phone rings yet. */
  readonly tellsDialling: boolean;
  /** Asked once when a call is about to end: whether no frame shall say so. */
  readonly losesHangup: () => boolean;
}

export const TRUNK = 'pstn';

/**
 * The PBX without any protocol: phones, calls, and the ledger of what was true. Orders come in, happenings go out to
 * whoever listens. It knows no sockets and no timers.
 */
export class Exchange {
  readonly board: Switchboard;
  readonly phones: ReadonlyMap<string, Phone>;
  /** Open calls by key. */
  readonly open = new Map<string, Call>();
  readonly tally = { placed: 0, ended: 0 };
  readonly #options: ExchangeOptions;
  readonly #desk: Desk;
  /** Every call that is known, in the order in which they began: open ones as they are, ended ones as they were. */
  readonly #books = new Map<string, Call | LedgerCall>();
  readonly #listeners = new Set<(happening: Happening) => void>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.phones = options.phones;
    this.board = new Switchboard({
      phones: options.phones,
      identities: options.identities,
      now: options.now,
      trunk: TRUNK,
      tell: (happening) => {
        for (const listener of this.#listeners) listener(happening);
      },
    });
    this.#desk = {
      board: this.board,
      pickupIsCall: options.pickupIsCall,
      openCall: (plan) => this.#openCall(plan),
      beginEnd: (call) => {
        call.lostHangup = options.losesHangup();
      },
      closeCall: (call, cause) => this.#closeCall(call, cause),
      changed: (call) =>
        this.board.tell({ kind: 'call.changed', call, touched: this.board.takeTouched(call) }),
    };
  }

  /** Returns what stops the listening. */
  listen(listener: (happening: Happening) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  place(plan: CallPlan): Call {
    return placeCall(this.#desk, plan);
  }

  ring(call: Call): void {
    ringTargets(this.#desk, this.#alive(call));
  }

  answer(call: Call, by?: string): void {
    answerCall(this.#desk, this.#alive(call), by);
  }

  hold(call: Call, by: string, holds: boolean): void {
    holdCall(this.#desk, this.#alive(call), by, holds);
  }

  transfer(call: Call, order: TransferOrder): void {
    transferCall(this.#desk, this.#alive(call), order);
  }

  pickUp(call: Call, by: string): void {
    pickUp(this.#desk, this.#alive(call), by);
  }

  join(call: Call, extension: string): void {
    joinCall(this.#desk, this.#alive(call), extension);
  }

  record(call: Call): void {
    const leg = this.#alive(call).legs[0];
    if (leg === undefined || call.recording !== null) throw new OrderError(`${call.key} is recorded already`);
    call.recording = `${call.key}-${call.caller.number.replace('+', '')}.wav`;
    this.board.tell({ kind: 'recording.started', leg });
  }

  hangUp(call: Call, by?: string, cause?: EndCause): void {
    hangUp(this.#desk, this.#alive(call), by, cause);
  }

  hangUpLeg(leg: Leg, wish: HangUpWish = {}): void {
    hangUpLeg(this.#desk, leg, wish);
  }

  originate(order: OriginateOrder): Call | null {
    return originateCall(this.#desk, order);
  }

  answerOriginated(call: Call): void {
    answerOriginated(this.#desk, this.#alive(call));
  }

  register(number: string, registered: boolean): void {
    const phone = this.#phone(number);
    if (phone.registered === registered) return;
    phone.registered = registered;
    this.board.tell({ kind: 'phone.registered', phone });
    this.board.refreshPhone(phone);
  }

  doNotDisturb(number: string, on: boolean): void {
    const phone = this.#phone(number);
    if (phone.doNotDisturb === on) return;
    phone.doNotDisturb = on;
    this.board.tell({ kind: 'phone.presence', phone });
    this.board.refreshPhone(phone);
  }

  /** All calls are lost without a word, as when the process dies, and the ids start anew. */
  restart(): void {
    this.board.forgetCalls();
    for (const call of this.open.values()) {
      call.past.push(...call.legs.splice(0));
      call.endedAt = this.#options.now();
      call.cause = 'restarted';
      this.#books.set(call.key, ledgerCallOf(call));
      this.tally.ended += 1;
    }
    this.open.clear();
    this.#options.identities.restart();
  }

  ledger(): Ledger {
    const calls = [...this.#books.values()].flatMap((call) => {
      if (!('legs' in call)) return [call];
      return this.#options.tellsDialling || isReached(call) ? [ledgerCallOf(call)] : [];
    });
    const phones = [...this.phones.values()].map((phone) => ({
      number: phone.number,
      name: phone.name,
      status: phoneStatusOf(phone),
    }));
    return { calls, phones };
  }

  #openCall(plan: CallPlan & { readonly key?: string }): Call {
    const { identities, now } = this.#options;
    const key = plan.key ?? identities.uniqueId();
    const call = newCall(plan, { key, now: now(), trunk: TRUNK, phones: this.phones });
    this.open.set(key, call);
    this.#books.set(key, call);
    this.tally.placed += 1;
    this.#forgetOldest();
    return call;
  }

  #closeCall(call: Call, cause: EndCause): void {
    const now = this.#options.now();
    call.endedAt = now;
    call.cause = cause;
    for (const stage of call.stages) stage.endedAt ??= now;
    this.open.delete(call.key);
    this.#books.set(call.key, ledgerCallOf(call));
    this.tally.ended += 1;
    this.board.tell({ kind: 'call.ended', call, touched: this.board.takeTouched(call) });
  }

  /** Only ended calls are forgotten: what is open is never lost, however many there are. */
  #forgetOldest(): void {
    for (const [key, call] of this.#books) {
      if (this.#books.size <= this.#options.historyMax) return;
      if (!('legs' in call)) this.#books.delete(key);
    }
  }

  #alive(call: Call): Call {
    if (call.endedAt !== null) throw new OrderError(`${call.key} is over`);
    return call;
  }

  #phone(number: string): Phone {
    const phone = this.phones.get(number);
    if (phone === undefined) throw new OrderError(`there is no extension ${number}`);
    return phone;
  }
}
