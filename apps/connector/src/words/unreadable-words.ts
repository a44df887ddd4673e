import { storeUnreadableWords, type Database, type UnreadableWord } from '@trunkline/database';
import type { Logger } from '@trunkline/service-kit';
import type { HeldLease } from '../lease/held-lease.ts';

export interface UnreadableWordsOptions {
  readonly database: Pick<Database, 'run'>;
  readonly lease: HeldLease;
  readonly shard: number;
  readonly logger: Logger;
}

/** Letters that wait to be stored; a PBX that babbles is counted, and a sample of what it says is enough. */
const waitingMax = 200;

/** Letters of one lease in the database. A link that produces more has a cause that these show. */
const keptMax = 5_000;

/** How often storing is tried. What can't be stored then is lost but for its count: it is nothing that state depends on. */
const attemptsMax = 3;

/** Sets aside what a PBX said and nobody could read. Counts all of it, keeps a bounded part. */
export class UnreadableWords {
  readonly #options: UnreadableWordsOptions;
  readonly #waiting: UnreadableWord[] = [];
  #count = 0;
  #storing: Promise<void> | null = null;

  constructor(options: UnreadableWordsOptions) {
    this.#options = options;
  }

  add({ type, raw, problem }: Pick<UnreadableWord, 'type' | 'raw' | 'problem'>): void {
    const { lease, shard } = this.#options;
    this.#count += 1;
    if (this.#waiting.length >= waitingMax || this.#count > keptMax) return;
    const { pbx, epoch } = lease;
    this.#waiting.push({ pbx, epoch, count: this.#count, shard, type, raw, problem });
    this.#storing ??= this.#store();
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#storing !== null) await this.#storing;
  }

  async #store(): Promise<void> {
    // What comes in one go is written in one go.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const letters = this.#waiting.splice(0);
      await this.#write(letters);
    }
    this.#storing = null;
  }

  async #write(letters: readonly UnreadableWord[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#options.database.run((transaction) => storeUnreadableWords(transaction, letters));
        return;
      } catch (error) {
        if (attempt < attemptsMax) continue;
        this.#options.logger.error(
          { err: error, letters: letters.length },
          'unreadable words could not be kept',
        );
        return;
      }
    }
  }
}
