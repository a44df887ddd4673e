/** Patterns that would take too long are no concern of a simulator, but their length is bounded as on the real thing. */
const PATTERN_LENGTH_MAX = 500;

/** A session's filters: an event passes when one that includes matches (or there is none) and none that excludes does. */
export class EventFilter {
  readonly #including: RegExp[] = [];
  readonly #excluding: RegExp[] = [];

  /** False where the pattern can't be read. */
  add(pattern: string): boolean {
    const excludes = pattern.startsWith('!');
    const source = excludes ? pattern.slice(1) : pattern;
    if (source === '' || source.length > PATTERN_LENGTH_MAX) return false;
    try {
      (excludes ? this.#excluding : this.#including).push(new RegExp(source));
      return true;
    } catch {
      return false;
    }
  }

  passes(text: string): boolean {
    if (this.#excluding.some((pattern) => pattern.test(text))) return false;
    return this.#including.length === 0 || this.#including.some((pattern) => pattern.test(text));
  }
}
