import type { Duplex } from 'node:stream';
import type { Chance } from '../../random.ts';

/** The share of writes that are cut in two, at any byte, as TCP may do. */
const CUT_SHARE = 0.2;

/** Joins what is said in one breath into one write, and now and then cuts a write at a random place. */
export class Writer {
  readonly #socket: Duplex;
  readonly #chance: Chance;
  #waiting: string[] = [];
  #rest: Buffer | null = null;
  #scheduled = false;
  #ending = false;

  constructor(socket: Duplex, chance: Chance) {
    this.#socket = socket;
    this.#chance = chance;
  }

  write(text: string): void {
    if (this.#ending) return;
    this.#waiting.push(text);
    this.#schedule();
  }

  /** Closes when all is written. */
  end(): void {
    this.#ending = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#socket.destroyed) return;
    const bytes = this.#rest ?? Buffer.from(this.#waiting.join(''), 'utf8');
    if (this.#rest === null) this.#waiting = [];
    this.#rest = null;
    if (bytes.length > 1 && this.#chance.happens(CUT_SHARE)) {
      const cut = this.#chance.between(1, bytes.length - 1);
      this.#socket.write(bytes.subarray(0, cut));
      this.#rest = bytes.subarray(cut);
    } else if (bytes.length > 0) this.#socket.write(bytes);
    if (this.#rest !== null || this.#waiting.length > 0) this.#schedule();
    else if (this.#ending) this.#socket.end();
  }
}
