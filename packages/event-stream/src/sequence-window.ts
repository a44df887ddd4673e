/** How a sequence number stands to what was seen: the next one, a late one that fills a hole, or one seen before. */
export type Sighting = 'next' | 'ahead' | 'late' | 'duplicate';

export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Beyond this many holes the oldest is forgotten: counted as lost, and what of it still comes is taken for a duplicate.
 * A snapshot was asked for when the hole was seen, so nothing depends on it; the bound keeps the row and each look at
 * it small.
 */
export const HOLES_MAX = 256;

/**
 * Which sequence numbers of one (source, epoch) were seen: all up to `high`, except the holes. Numbers start at 1, so a
 * first sight of 5 leaves the hole 1-4. In any order and with any repetition, each number is taken once as 'next',
 * 'ahead' or 'late' and every further time as 'duplicate'; the only exception are numbers in forgotten holes.
 */
export class SequenceWindow {
  high = 0;
  received = 0;
  duplicates = 0;
  lost = 0;
  readonly #holes: { from: number; to: number }[] = [];

  see(seq: number): Sighting {
    const sighting = this.#place(seq);
    if (sighting === 'duplicate') this.duplicates++;
    else this.received++;
    return sighting;
  }

  get holes(): readonly SequenceRange[] {
    return this.#holes;
  }

  /** PostgreSQL's int8multirange. */
  holesAsText(): string {
    if (this.#holes.length === 0) return '{}';
    return `{${this.#holes.map((hole) => `[${hole.from},${hole.to + 1})`).join(',')}}`;
  }

  static restore(row: { high: number; missing: string; received: number; duplicates: number; lost: number }) {
    const window = new SequenceWindow();
    window.high = row.high;
    window.received = row.received;
    window.duplicates = row.duplicates;
    window.lost = row.lost;
    for (const [, from, to] of row.missing.matchAll(/\[(\d+),(\d+)\)/g)) {
      window.#holes.push({ from: Number(from), to: Number(to) - 1 });
    }
    return window;
  }

  #place(seq: number): Sighting {
    if (seq === this.high + 1) {
      this.high = seq;
      return 'next';
    }
    if (seq > this.high) {
      this.#open({ from: this.high + 1, to: seq - 1 });
      this.high = seq;
      return 'ahead';
    }
    return this.#fill(seq) ? 'late' : 'duplicate';
  }

  #open(hole: { from: number; to: number }): void {
    this.#holes.push(hole);
    this.#forgetBeyondBound();
  }

  #fill(seq: number): boolean {
    const index = this.#holes.findLastIndex((hole) => hole.from <= seq && seq <= hole.to);
    const hole = this.#holes[index];
    if (hole === undefined) return false;
    const rest = [
      { from: hole.from, to: seq - 1 },
      { from: seq + 1, to: hole.to },
    ].filter(({ from, to }) => from <= to);
    this.#holes.splice(index, 1, ...rest);
    this.#forgetBeyondBound();
    return true;
  }

  #forgetBeyondBound(): void {
    while (this.#holes.length > HOLES_MAX) {
      const forgotten = this.#holes.shift();
      if (forgotten !== undefined) this.lost += forgotten.to - forgotten.from + 1;
    }
  }
}
