/** Remembers the last so many keys, each with a note, and forgets the oldest for a new one. */
export class RecentKeys {
  readonly #keysMax: number;
  readonly #notes = new Map<string, string | undefined>();

  constructor(keysMax: number) {
    this.#keysMax = keysMax;
  }

  get size(): number {
    return this.#notes.size;
  }

  has(key: string): boolean {
    return this.#notes.has(key);
  }

  noteOf(key: string): string | undefined {
    return this.#notes.get(key);
  }

  /** What was noted first stays. */
  add(key: string, note?: string): void {
    this.#notes.set(key, this.#notes.get(key) ?? note);
    if (this.#notes.size <= this.#keysMax) return;
    for (const oldest of this.#notes.keys()) {
      this.#notes.delete(oldest);
      return;
    }
  }
}
