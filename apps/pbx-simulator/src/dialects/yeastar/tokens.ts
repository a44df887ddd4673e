import type { Limits } from '../../contract/limits.ts';
import type { Tallies } from '../../tallies.ts';

interface TokenPair {
  readonly access: string;
  readonly refresh: string;
  readonly accessUntil: number;
  readonly refreshUntil: number;
}

interface TokensOptions {
  readonly limits: Limits;
  readonly tallies: Tallies;
  readonly now: () => number;
  readonly hex: (digits: number) => string;
}

/** The access tokens of the one application. A refresh takes the place of the pair that it was made from. */
export class Tokens {
  readonly #options: TokensOptions;
  readonly #pairs = new Map<string, TokenPair>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /** Null where too many are live. */
  issue(): Record<string, unknown> | null {
    this.#forgetOld();
    if (this.live() >= this.#options.limits.tokensMax) return null;
    return this.#create();
  }

  refresh(refresh: string): Record<string, unknown> | null {
    this.#forgetOld();
    const pair = [...this.#pairs.values()].find((one) => one.refresh === refresh);
    if (pair === undefined) return null;
    this.#pairs.delete(pair.access);
    return this.#create();
  }

  isGood(access: string | null): boolean {
    const pair = access === null ? undefined : this.#pairs.get(access);
    return pair !== undefined && pair.accessUntil > this.#options.now();
  }

  revoke(access: string): void {
    if (this.#pairs.delete(access)) this.#options.tallies.tokens.revoked += 1;
  }

  expireAll(): void {
    this.#pairs.clear();
  }

  live(): number {
    const now = this.#options.now();
    return [...this.#pairs.values()].filter((pair) => pair.accessUntil > now).length;
  }

  #create(): Record<string, unknown> {
    const { limits, now, hex, tallies } = this.#options;
    const pair: TokenPair = {
      access: hex(32),
      refresh: hex(32),
      accessUntil: now() + limits.accessTokenMs,
      refreshUntil: now() + limits.refreshTokenMs,
    };
    this.#pairs.set(pair.access, pair);
    tallies.tokens.issued += 1;
    return {
      access_token: pair.access,
      access_token_expire_time: Math.ceil(limits.accessTokenMs / 1000),
      refresh_token: pair.refresh,
      refresh_token_expire_time: Math.ceil(limits.refreshTokenMs / 1000),
    };
  }

  #forgetOld(): void {
    const now = this.#options.now();
    for (const pair of this.#pairs.values()) if (pair.refreshUntil <= now) this.#pairs.delete(pair.access);
  }
}
