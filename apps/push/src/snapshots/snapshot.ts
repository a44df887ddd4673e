import type { DataType } from '@trunkline/realtime-protocol';
import type { Ring } from '../feed/ring.ts';
import { ToldRow } from '../feed/told-row.ts';
import { encodeFrame } from '../frames/encode-frame.ts';
import type { SnapshotRows } from './read-rows.ts';

/** A part of a snapshot is closed before it grows beyond this. */
const partLettersMax = 64 * 1024;

/** The state of a topic at a known place, built once for all who want it within a moment. */
export class Snapshot {
  readonly topic: string;
  /** The ring in which the place lies. */
  readonly ring: Ring;
  readonly sequence: number;
  readonly offset: string;
  readonly #type: DataType | null;
  readonly #rows: readonly ToldRow[];
  readonly #parts = new Map<boolean, readonly Buffer[]>();

  constructor(
    topic: string,
    place: { readonly ring: Ring; readonly sequence: number; readonly offset: string },
    found: SnapshotRows | null,
  ) {
    this.topic = topic;
    this.ring = place.ring;
    this.sequence = place.sequence;
    this.offset = place.offset;
    this.#type = found?.type ?? null;
    this.#rows = found === null ? [] : found.rows.map((row) => new ToldRow(found.type, row));
  }

  parts(masked: boolean): readonly Buffer[] {
    let parts = this.#parts.get(masked);
    if (parts === undefined) {
      const texts = this.#rows.map((row) => row.text(masked));
      const chunks = chunksOf(texts);
      parts = chunks.map((chunk, index) =>
        encodeFrame(this.#part(chunk, index, index === chunks.length - 1)),
      );
      this.#parts.set(masked, parts);
    }
    return parts;
  }

  #part(texts: readonly string[], part: number, last: boolean): string {
    const rows = this.#type === null ? '{}' : `{"${this.#type}":[${texts.join(',')}]}`;
    return `{"type":"snapshot","topic":${JSON.stringify(this.topic)},"part":${part},"last":${last},"rows":${rows}}`;
  }
}

/** At least one chunk, so that there is a part that is the last. */
function chunksOf(texts: readonly string[]): string[][] {
  const chunks: string[][] = [[]];
  let letters = 0;
  for (const text of texts) {
    if (letters > 0 && letters + text.length > partLettersMax) {
      chunks.push([]);
      letters = 0;
    }
    chunks.at(-1)?.push(text);
    letters += text.length;
  }
  return chunks;
}
