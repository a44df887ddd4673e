const tickMs = 20;
/** A turn that takes longer had more to do than this process gets done: hundreds of clients in one are no hundreds of browsers. */
const turnMsMax = 2 * tickMs;

/**
 * Time in which a gap can be healed: while a node serves, Redis answers, and this process, in which publisher and clients live, gets its
 * turns. What it tells depends on the clients and on push, and not on how busy the machine is.
 */
export class ServedClock implements Disposable {
  readonly #isServed: () => boolean;
  readonly #timer: NodeJS.Timeout;
  #lookedAt = performance.now();
  #now = 0;

  constructor(isServed: () => boolean) {
    this.#isServed = isServed;
    this.#timer = setInterval(() => this.#look(), tickMs);
  }

  /** In ms, from its start on. */
  get now(): number {
    return this.#now;
  }

  #look(): void {
    const at = performance.now();
    if (this.#isServed()) this.#now += Math.min(turnMsMax, at - this.#lookedAt);
    this.#lookedAt = at;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
