import type { Audience } from './audience.ts';
import type { Entry } from './entry.ts';

export interface BroadcasterOptions {
  readonly audience: Audience;
  /** Entries that come within so long after a write are joined into the next one. */
  readonly joinMs: number;
  /** So many listeners are served before others get a turn of the loop. */
  readonly listenersAtOnce: number;
  /** All who listen have these entries, or will read them from the ring. */
  readonly onDelivered: (entries: readonly Entry[], deliveries: number) => void;
}

/**
 * Takes the entries of one feed to its audience, in order. The first one after a silence leaves at once; those that come within
 * the next few milliseconds are joined, so that a busy feed costs each socket one write a moment and not one an entry. A large
 * audience is served in pieces between which the loop turns; what comes meanwhile waits and goes as one piece.
 */
export class Broadcaster {
  readonly #options: BroadcasterOptions;
  #waiting: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #stopped = false;

  constructor(options: BroadcasterOptions) {
    this.#options = options;
  }

  push(entry: Entry): void {
    this.#waiting.push(entry);
    if (this.#timer === undefined && !this.#busy) this.#flush();
  }

  /** What waits belongs to a feed that is no more. */
  clear(): void {
    this.#waiting = [];
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    const entries = this.#waiting;
    if (entries.length === 0 || this.#stopped) return;
    this.#waiting = [];
    const deliveries = this.#serve(entries);
    let step = deliveries.next();
    if (step.done === true) this.#served(entries, step.value);
    else {
      this.#busy = true;
      const goOn = (): void => {
        step = deliveries.next();
        if (step.done !== true && !this.#stopped) setImmediate(goOn);
        else {
          this.#busy = false;
          this.#served(entries, step.done === true ? step.value : 0);
        }
      };
      setImmediate(goOn);
    }
  }

  #served(entries: readonly Entry[], deliveries: number): void {
    this.#options.onDelivered(entries, deliveries);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#flush(), this.#options.joinMs);
  }

  /** Yields where others should have a turn; returns how many deliveries there were. */
  *#serve(entries: readonly Entry[]): Generator<void, number> {
    const { audience, listenersAtOnce } = this.#options;
    let served = 0;
    for (const delivery of audience.deliveriesOf(entries)) {
      // Whoever joins meanwhile stands behind these entries already, and who has left is not met any more.
      for (const listener of audience.of(delivery.topic) ?? []) {
        listener.take(delivery);
        served += 1;
        if (served % listenersAtOnce === 0) yield;
      }
    }
    return served;
  }
}
