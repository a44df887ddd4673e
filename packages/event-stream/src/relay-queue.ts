import { withDeadline } from '@trunkline/service-kit';
import type { Logger } from '@trunkline/service-kit';
import { messageOf } from './failure.ts';
import type { AfterCommit } from './stream-event.ts';

/** A hook that hangs must not hold its shard: after this it is left to itself. */
const HOOK_MS_MAX = 10_000;

/** Runs what follows commits, one after the other. It may overlap with the next batch, and it never fails anybody. */
export class RelayQueue {
  readonly #log: Logger;
  #tail: Promise<void> = Promise.resolve();

  constructor(log: Logger) {
    this.#log = log;
  }

  add(hook: AfterCommit): void {
    this.#tail = this.#tail.then(() => this.#run(hook));
  }

  /** Resolves when all that was added before is done. Never rejects. */
  settled(): Promise<void> {
    return this.#tail;
  }

  async #run(hook: AfterCommit): Promise<void> {
    try {
      await withDeadline(Promise.resolve(hook()), HOOK_MS_MAX, 'what follows a commit');
    } catch (error) {
      this.#log.warn({ problem: messageOf(error) }, 'what follows a commit failed');
    }
  }
}
