import { setImmediate as turn } from 'node:timers/promises';
import type { ContactCard } from '../contact.ts';
import type { RowChunk } from '../csv/read-rows.ts';
import { rowToCard } from '../csv/row-to-card.ts';
import type { ImportPlan } from './import-plan.ts';
import type { ReadChunk, Rejection } from './merge-chunk.ts';

export interface ChunkToStore {
  readonly before: number;
  readonly rows: number;
  readonly bytes: number;
  readonly read: ReadChunk;
}

/** So many rows are read before answers of the database are heard: they take some milliseconds. */
const rowsATurn = 250;

/** What the rows say, before the database is asked for anything: no transaction waits for it. */
export async function* readChunks(
  chunks: AsyncIterable<RowChunk>,
  { columns, country }: Pick<ImportPlan, 'columns' | 'country'>,
): AsyncGenerator<ChunkToStore> {
  for await (const { rows, before, bytes } of chunks) {
    const cards: ContactCard[] = [];
    const rejections: Rejection[] = [];
    for (const [index, cells] of rows.entries()) {
      if (index % rowsATurn === rowsATurn - 1) await turn();
      const read = rowToCard(cells, columns, country);
      if ('card' in read) cards.push(read.card);
      else rejections.push({ row: before + index + 1, reasons: read.problems, cells });
    }
    yield { before, rows: rows.length, bytes, read: { cards, rejections } };
  }
}
