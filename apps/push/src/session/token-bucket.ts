/** So many a second in the long run, and so many at once. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #max: number;
  #tokens: number;
  #at: number;

  constructor({ perSecond, atOnce }: { readonly perSecond: number; readonly atOnce: number }, nowMs: number) {
    this.#perSecond = perSecond;
    this.#max = atOnce;
    this.#tokens = atOnce;
    this.#at = nowMs;
  }

  take(nowMs: number): boolean {
    this.#tokens = Math.min(this.#max, this.#tokens + ((nowMs - this.#at) / 1_000) * this.#perSecond);
    this.#at = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
