/**
 * How many entries the next transaction takes. Normally `max`. When a batch fails, it holds a suspect: the next ones
 * take half of what is suspected, each in a transaction of its own, until the suspect stands alone.
 *
 * Transactions and not savepoints: what is good is committed and never done again, no failed half keeps its locks, and
 * the offset is a prefix anyway, so "the first half" is simply a shorter read. After a suspect was passed the size grows by
 * doubling from there, so that a run of bad entries is not searched from the top each time.
 */
export class BatchSizer {
  readonly #max: number;
  #size: number;
  #suspects = 0;

  constructor(max: number) {
    this.#max = max;
    this.#size = max;
  }

  get size(): number {
    return this.#size;
  }

  /** True when an entry that fails now fails alone. */
  get isolating(): boolean {
    return this.#suspects > 0 || this.#size < this.#max;
  }

  failed(entries: number): void {
    this.#suspects = entries;
    this.#size = Math.max(1, Math.ceil(entries / 2));
  }

  succeeded(entries: number): void {
    this.#suspects = Math.max(0, this.#suspects - entries);
    this.#size =
      this.#suspects > 0 ? Math.max(1, Math.ceil(this.#suspects / 2)) : Math.min(this.#max, this.#size * 2);
  }

  /** The batch took too much of something (time, bytes); nobody is suspected. */
  shrink(entries: number): void {
    this.#size = Math.max(1, Math.ceil(entries / 2));
  }
}
