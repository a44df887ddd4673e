import type { Call } from './call.ts';

export const ENDED_CALLS_MAX = 20_000;
export const ENDED_KEPT_MS = 15 * 60_000;

/**
 * Calls that are over, kept for a while so that their late frames are known for what they are: a last BYE after the
 * record, the record after the last BYE, records of further stages. Bounded by number and by age.
 */
export class EndedCalls {
  readonly #calls = new Map<string, Call>();

  get size(): number {
    return this.#calls.size;
  }

  get(key: string): Call | undefined {
    return this.#calls.get(key);
  }

  add(call: Call, now: number): void {
    this.#calls.set(call.key, call);
    // They come in the order of their ends, so the ones to forget stand first. Two a turn: it can't fall behind.
    let looked = 0;
    for (const [key, oldest] of this.#calls) {
      if (looked++ >= 2) return;
      const age = now - (oldest.end?.at ?? now);
      if (this.#calls.size > ENDED_CALLS_MAX || age > ENDED_KEPT_MS) this.#calls.delete(key);
    }
  }

  delete(key: string): void {
    this.#calls.delete(key);
  }
}
