import type { Topic } from '@trunkline/realtime-protocol';
import type { TenantFeed } from '../feed/tenant-feed.ts';
import type { Snapshot } from '../snapshots/snapshot.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';

export interface SessionSnapshotsOptions {
  readonly snapshots: Pick<Snapshots, 'take'>;
  /** So many does one session want of its node at once; the others wait here. */
  readonly atOnceMax: number;
  /** As many can be wanted at once; whatever waits beyond it, nobody wants any more. */
  readonly topicsMax: number;
}

interface Wish {
  readonly isWanted: () => boolean;
  /** With whether it is its turn. */
  readonly answer: (isItsTurn: boolean) => void;
}

/**
 * The snapshots of one session, a few at a time. All sessions of a node queue for the same database; a client that takes up topics
 * and drops them again must not fill that queue for the others, so a place in it is given back when its read is over, not
 * when the topic is dropped.
 */
export class SessionSnapshots {
  readonly #options: SessionSnapshotsOptions;
  #waiting: Wish[] = [];
  #underWay = 0;

  constructor(options: SessionSnapshotsOptions) {
    this.#options = options;
  }

  /** Null if nobody wanted it any more when its turn came. */
  async take(feed: TenantFeed, topic: Topic, isWanted: () => boolean): Promise<Snapshot | null> {
    if (!(await this.#turn(isWanted))) return null;
    try {
      return await this.#options.snapshots.take(feed, topic);
    } finally {
      this.#passOn();
    }
  }

  async #turn(isWanted: () => boolean): Promise<boolean> {
    const { atOnceMax, topicsMax } = this.#options;
    if (this.#underWay < atOnceMax) {
      this.#underWay += 1;
      return true;
    }
    if (this.#waiting.length >= 2 * topicsMax) this.#forgetUnwanted();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push({ isWanted, answer: resolve });
    return await promise;
  }

  /** Gives the turn to the next who wants it. */
  #passOn(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const isItsTurn = next.isWanted();
      next.answer(isItsTurn);
      if (isItsTurn) return;
    }
    this.#underWay -= 1;
  }

  #forgetUnwanted(): void {
    const [wanted, unwanted] = [true, false].map((is) =>
      this.#waiting.filter((one) => one.isWanted() === is),
    );
    for (const { answer } of unwanted ?? []) answer(false);
    this.#waiting = wanted ?? [];
  }
}
