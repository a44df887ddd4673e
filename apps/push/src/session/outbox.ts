/** Where bytes go: a socket's stream. */
export interface Sink {
  write(bytes: Buffer): void;
  /** It has taken as much as it should; it will say when there is room again. */
  readonly isFull: boolean;
  /** Bytes that were written and are not on their way yet. */
  readonly waiting: number;
}

/** A place in the feed, as the ring counts and as clients do. */
export interface Place {
  readonly sequence: number;
  readonly offset: string;
}

/** Who wrote something that can be taken back, because it can be told again later. */
export interface Author {
  /** What it wrote behind this place was taken back. */
  setAside(place: Place): void;
}

interface Letter {
  readonly bytes: Buffer;
  /** Null for what can't be taken back. */
  readonly told: Told | null;
}

/** Who wrote it, and where that one stood before. */
export interface Told {
  readonly author: Author;
  readonly before: Place;
}

export interface OutboxTuning {
  /** What may wait here, beside what the socket's stream holds. */
  readonly queueBytesMax: number;
}

/**
 * What waits for one socket. A socket that keeps up finds it empty. For one that does not, what waits is bounded: beyond the bound
 * everything that an author can tell again later is taken back, and the authors go on when the socket is free.
 */
export class Outbox {
  readonly #sink: Sink;
  readonly #tuning: OutboxTuning;
  #letters: Letter[] = [];
  #bytes = 0;

  constructor(sink: Sink, tuning: OutboxTuning) {
    this.#sink = sink;
    this.#tuning = tuning;
  }

  get isFree(): boolean {
    return this.#letters.length === 0 && !this.#sink.isFull;
  }

  get bytes(): number {
    return this.#bytes + this.#sink.waiting;
  }

  /** False when what can't be taken back has grown beyond the bound: this socket takes nothing at all. */
  push(bytes: Buffer, told: Told | null = null): boolean {
    if (this.isFree) {
      this.#sink.write(bytes);
      return true;
    }
    this.#letters.push({ bytes, told });
    this.#bytes += bytes.length;
    if (this.#bytes <= this.#tuning.queueBytesMax) return true;
    this.#takeBack();
    return this.#bytes <= this.#tuning.queueBytesMax;
  }

  /** The socket has room again. */
  drain(): void {
    let sent = 0;
    for (const { bytes } of this.#letters) {
      if (this.#sink.isFull) break;
      this.#sink.write(bytes);
      this.#bytes -= bytes.length;
      sent += 1;
    }
    this.#letters.splice(0, sent);
  }

  clear(): void {
    this.#letters = [];
    this.#bytes = 0;
  }

  #takeBack(): void {
    const stoodAt = new Map<Author, Place>();
    const kept: Letter[] = [];
    for (const letter of this.#letters) {
      if (letter.told === null) kept.push(letter);
      else if (!stoodAt.has(letter.told.author)) stoodAt.set(letter.told.author, letter.told.before);
    }
    this.#letters = kept;
    this.#bytes = kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const [author, place] of stoodAt) author.setAside(place);
  }
}
