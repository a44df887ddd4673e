import type { TrafficModel } from '../contract/traffic-model.ts';
import type { Chance } from '../random.ts';
import type { Tallies } from '../tallies.ts';
import type { Call } from '../telephony/call.ts';
import { OrderError } from '../telephony/desk.ts';
import type { Exchange } from '../telephony/exchange.ts';
import { Timers } from '../timers.ts';
import { chooseCall, type Script } from './choose-call.ts';

interface TrafficOptions {
  readonly exchange: Exchange;
  readonly chance: Chance;
  readonly tallies: Tallies;
  readonly isUp: () => boolean;
}

/** Calls that are due are made so often, all that became due since the last time at once. */
const TICK_MS = 20;
/** After a pause of the process no more than this many seconds of calls are caught up with. */
const CATCH_UP_SECONDS = 1;

/** Makes calls at a steady rate and lets each live by its script. */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #ticks = new Timers();
  readonly #scripts = new Timers();
  #model: TrafficModel | null = null;
  #due = 0;
  #lastTick = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  get model(): TrafficModel | null {
    return this.#model;
  }

  set(model: TrafficModel | null): void {
    this.#ticks.clear();
    this.#model = model;
    this.#due = 0;
    this.#lastTick = performance.now();
    if (model !== null) this.#tickLater();
  }

  /** No new calls, and nothing more happens to the running ones. */
  stop(): void {
    this.set(null);
    this.#scripts.clear();
  }

  #tickLater(): void {
    this.#ticks.after(TICK_MS, () => {
      this.#tick();
      this.#tickLater();
    });
  }

  #tick(): void {
    const model = this.#model;
    if (model === null) return;
    const now = performance.now();
    const seconds = Math.min((now - this.#lastTick) / 1000, CATCH_UP_SECONDS);
    this.#lastTick = now;
    this.#due += seconds * model.callsPerSecond;
    for (; this.#due >= 1; this.#due -= 1) this.#begin(model);
  }

  #begin(model: TrafficModel): void {
    const { exchange, chance, tallies, isUp } = this.#options;
    const script = isUp() ? chooseCall(model, this.#freePhones(), chance) : null;
    if (script === null) {
      tallies.calls.skipped += 1;
      return;
    }
    const call = exchange.place(script.plan);
    exchange.ring(call);
    this.#later(call, script.ringMs, () => this.#reach(call, script));
  }

  #reach(call: Call, script: Script): void {
    const { exchange, chance } = this.#options;
    const ringing = call.legs.filter((leg) => leg.state === 'Ringing');
    const [first] = ringing;
    if (script.failure !== null || first === undefined) {
      exchange.hangUp(call, undefined, script.failure ?? 'no_answer');
      return;
    }
    const answering = chance.pick([first, ...ringing.slice(1)]);
    exchange.answer(call, answering.line.number);
    if (script.records) exchange.record(call);
    this.#talk(call, script);
  }

  /** A conversation in thirds: hold, resume, transfer, as far as the script has them. */
  #talk(call: Call, script: Script): void {
    const { exchange } = this.#options;
    const third = script.talkMs / 3;
    const holder = call.legs.findLast((leg) => leg.extension !== null)?.extension ?? null;
    if (script.holds && holder !== null) {
      this.#later(call, third / 2, () => exchange.hold(call, holder, true));
      this.#later(call, third, () => exchange.hold(call, holder, false));
    }
    if (script.transfer !== null) this.#later(call, third * 2, () => this.#transfer(call, script));
    this.#later(call, script.talkMs, () => this.#end(call, script));
  }

  #transfer(call: Call, { transfer, ringMs }: Script): void {
    const { exchange } = this.#options;
    const by = call.legs.findLast((leg) => leg.extension !== null)?.extension ?? null;
    const [to] = this.#freePhones();
    if (by === null || to === undefined || transfer === null || call.legs.length !== 2) return;
    exchange.transfer(call, { by, to, kind: transfer });
    if (transfer === 'blind') this.#later(call, ringMs / 4, () => exchange.answer(call, to));
  }

  #end(call: Call, { leaver }: Script): void {
    const bridged = call.legs.filter((leg) => leg.bridge !== null);
    const leg = leaver === 'caller' ? bridged[0] : bridged.at(-1);
    // Only two parties part by one of them leaving; of more, all leave.
    const by = bridged.length === 2 ? leg?.line.number : undefined;
    this.#options.exchange.hangUp(call, by);
  }

  /** Unless the call is over by then, or something else has come in between. */
  #later(call: Call, ms: number, act: () => void): void {
    this.#scripts.after(ms, () => {
      if (call.endedAt !== null) return;
      try {
        act();
      } catch (error) {
        if (!(error instanceof OrderError)) throw error;
      }
    });
  }

  #freePhones(): string[] {
    const free: string[] = [];
    for (const phone of this.#options.exchange.phones.values())
      if (phone.registered && !phone.doNotDisturb && phone.legs.size === 0) free.push(phone.number);
    return free;
  }
}
