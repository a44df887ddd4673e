import { countEvents } from '../system/sum-metrics.ts';
import type { System } from '../system/system.ts';

/** What a call of the simulated PBXs says on average, before it was measured. */
const eventsPerCall = 7;
/** Calls end a while after they begin, so a rate shows late: each step goes only so far. */
const stepMax = 1.3;

/** Keeps so many events a second coming, of however many calls that takes. */
export class Throttle {
  readonly #system: System;
  readonly #eventsPerSecond: number;
  #callsPerSecond: number;
  #events = 0;
  #lookedAt = 0;

  constructor(system: System, eventsPerSecond: number) {
    this.#system = system;
    this.#eventsPerSecond = eventsPerSecond;
    this.#callsPerSecond = eventsPerSecond / eventsPerCall;
  }

  async open(): Promise<void> {
    this.#order(this.#callsPerSecond);
    await this.#look();
  }

  /** Returns how many events a second there were since it was last asked. */
  async adjust(): Promise<number> {
    const measured = await this.#look();
    this.#callsPerSecond *= stepTo(this.#eventsPerSecond, measured);
    this.#order(this.#callsPerSecond);
    return measured;
  }

  /** No more calls begin, and all that go on end. */
  async close(): Promise<void> {
    this.#order(null);
    this.#system.telephones.order({ order: 'settle' });
    await this.#system.telephones.told('settled');
  }

  async #look(): Promise<number> {
    const [events, now] = [await countEvents(this.#system.services), performance.now()];
    const rate = ((events - this.#events) * 1_000) / (now - this.#lookedAt);
    this.#events = events;
    this.#lookedAt = now;
    return rate;
  }

  #order(callsPerSecond: number | null): void {
    this.#system.telephones.order({ order: 'traffic', callsPerSecond });
  }
}

/** By how much more or less there should be; a rate that is not there yet says little. */
export function stepTo(wanted: number, measured: number): number {
  return Math.min(stepMax, Math.max(1 / stepMax, wanted / Math.max(measured, 1)));
}
