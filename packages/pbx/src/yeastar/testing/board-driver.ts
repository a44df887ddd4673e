import type { PbxSnapshot, Said } from '../../port/words.ts';
import { readFrame } from '../codec.ts';
import type { Meaning } from '../frames.ts';
import { Switchboard, type Listed } from '../switchboard.ts';

/** A switchboard fed with frames, one a second, and the words it said since they were last taken. */
export class BoardDriver {
  readonly board: Switchboard;
  rosterChanges = 0;
  now = 1_800_000_000_000;
  #words: Said[] = [];

  constructor({ settled = true, callsMax = 20_000 } = {}) {
    this.board = new Switchboard({
      say: (word) => this.#words.push(word),
      startOf: (call) => (/^\d{10}\./.test(call) ? Number(call.slice(0, 10)) * 1000 : undefined),
      onRosterChanged: () => this.rosterChanges++,
      callsMax,
    });
    if (settled) this.board.settle(this.now);
  }

  /** Hears frames and returns what was said of them. */
  hear(...frames: string[]): Said[] {
    for (const raw of frames) {
      this.now += 1_000;
      this.board.hear(meaningOf(raw), this.now);
    }
    return this.take();
  }

  take(): Said[] {
    const words = this.#words;
    this.#words = [];
    return words;
  }

  /** Adopts lists, as asked for before `meanwhile` was heard. */
  adopt(listed: Partial<Listed>, ...meanwhile: string[]): PbxSnapshot {
    const mark = this.board.mark();
    for (const raw of meanwhile) {
      this.now += 1_000;
      this.board.hear(meaningOf(raw), this.now);
    }
    this.now += 1_000;
    return this.board.adopt({ calls: [], extensions: [], ...listed }, mark, this.now);
  }
}

export function meaningOf(raw: string): Meaning {
  const frame = readFrame(raw);
  if (frame.kind !== 'event') throw new Error(`expected an event, got ${JSON.stringify(frame)}`);
  return frame.meaning;
}

/** Kind and call status in short, such as `ringing` or `1001=incall`. */
export const inShort = (words: readonly Said[]): string[] =>
  words.map((word) =>
    word.type === 'extension.changed'
      ? `${word.payload.extension}=${word.payload.status}`
      : word.type.replace('call.', ''),
  );

export const last = <Item>(items: readonly Item[]): Item => {
  const item = items.at(-1);
  if (item === undefined) throw new Error('expected at least one');
  return item;
};
