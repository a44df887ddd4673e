import type { Chance } from '../random.ts';
import type { Tallies } from '../tallies.ts';
import type { Timers } from '../timers.ts';
import type { ActiveFaults } from './active-faults.ts';

export interface OutletOptions {
  readonly send: (frame: string) => void;
  /** Breaks a frame in one of the ways in which this protocol's frames break. */
  readonly breakFrame: (frame: string, chance: Chance) => string;
  readonly faults: ActiveFaults;
  readonly chance: Chance;
  readonly tallies: Tallies;
  /** Where delayed frames wait; whoever settles waits for them. */
  readonly delays: Timers;
}

/** A frame that is to change places waits so long for its successor. */
const SWAP_MS_MAX = 50;

/** The way of the event frames of one socket: here they get lost, doubled, late, out of order or broken. */
export class Outlet {
  readonly #options: OutletOptions;
  #swapping: { readonly frame: string; readonly callOff: () => void } | null = null;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  push(frame: string): void {
    const { faults, chance, tallies, delays } = this.#options;
    const fault = faults.get('frames');
    if (fault === undefined) {
      this.#pass(frame);
      return;
    }
    if (chance.happens(fault.lose ?? 0)) {
      tallies.framesLost += 1;
      return;
    }
    if ((fault.delayMs ?? 0) > 0) delays.after(fault.delayMs ?? 0, () => this.#order(frame, fault.reorder));
    else this.#order(frame, fault.reorder);
    if (!chance.happens(fault.duplicate ?? 0)) return;
    tallies.framesDuplicated += 1;
    this.#order(frame, fault.reorder);
  }

  #order(frame: string, reorder = 0): void {
    const { chance, delays } = this.#options;
    if (this.#swapping === null && chance.happens(reorder)) {
      this.#swapping = { frame, callOff: delays.after(SWAP_MS_MAX, () => this.#release()) };
      return;
    }
    this.#pass(frame);
    this.#release();
  }

  #release(): void {
    const swapping = this.#swapping;
    if (swapping === null) return;
    this.#swapping = null;
    swapping.callOff();
    this.#pass(swapping.frame);
  }

  #pass(frame: string): void {
    const { send, breakFrame, faults, chance, tallies } = this.#options;
    const malforms = faults.malforms();
    if (malforms !== 'instead') {
      tallies.framesSent += 1;
      send(frame);
    }
    if (malforms === 'no') return;
    tallies.framesMalformed += 1;
    send(breakFrame(frame, chance));
  }
}
