import type { DataType } from '@trunkline/realtime-protocol';
import { maskRow, type Row } from '../frames/mask-row.ts';

/** A row that was committed, with its text made at most once however many topics and recipients it has. */
export class ToldRow {
  readonly type: DataType;
  readonly row: Row;
  #text: string | undefined;
  #masked: string | undefined;

  constructor(type: DataType, row: Row) {
    this.type = type;
    this.row = row;
  }

  text(masked: boolean): string {
    if (!masked) return (this.#text ??= JSON.stringify(this.row));
    return (this.#masked ??= this.#maskedText());
  }

  /** Most rows hold no number, and then both texts are one string. */
  #maskedText(): string {
    const row = maskRow(this.type, this.row);
    return row === this.row ? this.text(false) : JSON.stringify(row);
  }
}
