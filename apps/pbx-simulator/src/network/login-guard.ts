import type { Limits } from '../contract/limits.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import type { Tallies } from '../tallies.ts';

export type LoginResult = 'accepted' | 'refused' | 'blocked';

interface LoginGuardOptions {
  readonly limits: Limits;
  readonly faults: ActiveFaults;
  readonly tallies: Tallies;
  readonly now: () => number;
}

/** Counts logins, and blocks a source that fails too often in a row, as PBXs (or fail2ban beside them) do. */
export class LoginGuard {
  readonly #options: LoginGuardOptions;
  readonly #failures = new Map<string, number>();
  readonly #blockedUntil = new Map<string, number>();
  #allBlockedUntil = 0;

  constructor(options: LoginGuardOptions) {
    this.#options = options;
  }

  /** Every attempt counts, whatever becomes of it. */
  attempt(source: string, right: boolean): LoginResult {
    const { logins } = this.#options.tallies;
    logins.attempts += 1;
    if (this.blockedUntil(source) !== null) {
      logins.whileBlocked += 1;
      return 'blocked';
    }
    if (right && !this.#options.faults.has('refuseCredentials')) {
      logins.accepted += 1;
      this.#failures.delete(source);
      return 'accepted';
    }
    logins.refused += 1;
    this.#fail(source);
    return 'refused';
  }

  /** Until when, by the real clock; null where the source is free. */
  blockedUntil(source: string): number | null {
    const until = Math.max(this.#allBlockedUntil, this.#blockedUntil.get(source) ?? 0);
    return until > this.#options.now() ? until : null;
  }

  /** Until when nobody gets in, wherever they come from; null where no such block stands. */
  get allBlockedUntil(): number | null {
    return this.#allBlockedUntil > this.#options.now() ? this.#allBlockedUntil : null;
  }

  blockAll(ms: number): void {
    this.#allBlockedUntil = this.#options.now() + ms;
  }

  /** Lifts every block, as an administrator does. */
  release(): void {
    this.#allBlockedUntil = 0;
    this.#blockedUntil.clear();
    this.#failures.clear();
  }

  #fail(source: string): void {
    const { limits, now } = this.#options;
    const failures = (this.#failures.get(source) ?? 0) + 1;
    this.#failures.set(source, failures);
    if (failures < limits.badLoginsMax) return;
    this.#failures.delete(source);
    this.#blockedUntil.set(source, now() + limits.blockMs);
  }
}
