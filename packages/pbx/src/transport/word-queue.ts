import type { Word } from '../port/words.ts';

export interface WordQueueOptions {
  /** More words than this waiting to be read end the queue. */
  readonly entriesMax?: number;
  /** The reader is too slow: the link has to be ended, since words are lost from now on. */
  readonly onOverrun: () => void;
}

/** Some seconds of the busiest PBX we know of. */
const ENTRIES_MAX = 100_000;

/**
 * Words between the socket, which must be read fast (PBXs cut off slow readers within 100 ms), and whoever publishes
 * them. While it is held, words collect and none is handed out.
 */
export class WordQueue implements AsyncIterable<Word> {
  readonly #entriesMax: number;
  readonly #onOverrun: () => void;
  #waiting: Word[] = [];
  #held = false;
  #ended = false;
  #taken = false;
  #wake: (() => void) | null = null;

  constructor({ entriesMax = ENTRIES_MAX, onOverrun }: WordQueueOptions) {
    this.#entriesMax = entriesMax;
    this.#onOverrun = onOverrun;
  }

  get size(): number {
    return this.#waiting.length;
  }

  push(word: Word): void {
    if (this.#ended) return;
    if (this.#waiting.length >= this.#entriesMax) {
      // What waits is older than what is lost, and still true: it is handed out before the end.
      this.#ended = true;
      this.#onOverrun();
    } else {
      this.#waiting.push(word);
    }
    this.#signal();
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#signal();
  }

  /** What waits is still handed out, also what was held. */
  end(): void {
    this.#ended = true;
    this.#held = false;
    this.#signal();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Word, void, undefined> {
    if (this.#taken) throw new Error('The words of a link can be iterated once');
    this.#taken = true;
    for (;;) {
      if (!this.#held && this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        yield* batch;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #signal(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
