import { isNewer, type ThingRule } from './things.ts';

/** A repetition comes soon, or when a crash is cleaned up after. */
const keepMs = 600_000;
const keepMax = 5_000;

/** What has left is remembered for a while, so that a late word does not bring it back. */
export class Tombstones {
  readonly #rows = new Map<string, { readonly row: object; readonly at: number }>();

  add(key: string, row: object, at: number): void {
    this.#rows.delete(key);
    this.#rows.set(key, { row, at });
    for (const [oldest, stone] of this.#rows) {
      if (this.#rows.size <= keepMax && at - stone.at <= keepMs) break;
      this.#rows.delete(oldest);
    }
  }

  /** Whether this says nothing that was not known when the thing left. */
  covers(rule: ThingRule, key: string, row: object, at: number): boolean {
    if (rule.name !== 'call') return false;
    const stone = this.#rows.get(key);
    return stone !== undefined && at - stone.at <= keepMs && !isNewer(rule.order, row, stone.row);
  }
}
