import type { Lease } from '@trunkline/database';
import type { PbxId } from '@trunkline/domain';

/** Less than the lease's own length is believed, for clocks differ in speed and words take time to be written. */
const believedShare = 0.9;

/**
 * A lease in the hands of this process, with a deadline of its own. Counted from before a renewal was sent, by a clock
 * that no step moves, it always lies before the end that the database knows. So whoever was frozen, or cut off from the
 * database, knows by itself that somebody else may hold the lease by now.
 */
export class HeldLease implements Lease {
  readonly pbx: PbxId;
  readonly owner: string;
  readonly epoch: number;
  #validUntil: number;
  #lost = false;

  constructor(lease: Lease, sentAt: number, ttlMs: number) {
    this.pbx = lease.pbx;
    this.owner = lease.owner;
    this.epoch = lease.epoch;
    this.#validUntil = sentAt + ttlMs * believedShare;
  }

  /** The database said that owner and epoch are still the same, when it was asked at `sentAt`. */
  confirm(sentAt: number, ttlMs: number): void {
    this.#validUntil = Math.max(this.#validUntil, sentAt + ttlMs * believedShare);
  }

  lose(): void {
    this.#lost = true;
  }

  get isLost(): boolean {
    return this.#lost;
  }

  isValidAt(now: number): boolean {
    return !this.#lost && now < this.#validUntil;
  }
}
