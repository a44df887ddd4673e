import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { ContactError } from '../contact-error.ts';
import { decodeFile } from './decode.ts';
import type { Encoding } from './detect-encoding.ts';
import type { Delimiter } from './guess-delimiter.ts';
import { parserOptions, rowBytesMax } from './parser-options.ts';

export interface FileFormat {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  /** The first row names the columns. */
  readonly hasHeader: boolean;
}

export interface RowChunk {
  readonly rows: readonly (readonly string[])[];
  /** Rows before these, its header not counted. */
  readonly before: number;
  /** Bytes of the file that were read until here, roughly. */
  readonly bytes: number;
}

export interface ReadRowsOptions {
  readonly chunkRows: number;
  /** Rows of the file that are done already: they are read and passed over. */
  readonly skip?: number;
}

/** A chunk ends early when its rows are large, so that memory stays flat whatever they hold. */
const chunkLettersMax = 4 * 1024 * 1024;

/** The rows of a file in pieces. What can't be read as a table ends it with a `ContactError`, behind the rows before it. */
export async function* readRows(
  source: AsyncIterable<Buffer>,
  format: FileFormat,
  { chunkRows, skip = 0 }: ReadRowsOptions,
): AsyncGenerator<RowChunk> {
  let bytes = 0;
  const count = (read: number): void => {
    bytes += read;
  };
  const decoded = withoutSaidLine(decodeFile(source, format.encoding, count));
  const table = createTable(format.delimiter);
  let place = format.hasHeader ? -1 : 0;
  let rows: string[][] = [];
  let [before, letters] = [skip, 0];
  let problem: unknown;
  for await (const read of table.rows(decoded)) {
    if (read.problem !== undefined) ({ problem } = read);
    for (const row of read.rows) {
      place += 1;
      // The header has the place 0.
      if (place <= skip) continue;
      rows.push(row);
      for (const cell of row) letters += cell.length;
      if (rows.length < chunkRows && letters < chunkLettersMax) continue;
      yield { rows, before, bytes };
      before += rows.length;
      [rows, letters] = [[], 0];
    }
  }
  if (rows.length > 0) yield { rows, before, bytes };
  if (problem !== undefined) throw problemOf(problem, before + rows.length + 1);
}

interface TableRows {
  readonly rows: readonly string[][];
  /** Nothing can be read behind these. */
  readonly problem?: unknown;
}

/**
 * The parser is fed piece by piece, and tells rows as it finds them: read as a stream it would throw away rows that lie in its buffer when a later one can't be
 * read.
 */
function createTable(delimiter: Delimiter) {
  let found: string[][] = [];
  const parser = parse({
    ...parserOptions(delimiter),
    on_record: (row: string[]) => {
      found.push(row);
      return null;
    },
  });
  // What went wrong is told to whoever wrote the piece.
  parser.on('error', () => undefined).resume();
  const write = (piece: Buffer) =>
    new Promise<void>((resolve, reject) => {
      parser.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  const take = (): string[][] => {
    const taken = found;
    found = [];
    return taken;
  };
  return {
    async *rows(source: AsyncIterable<Buffer>): AsyncGenerator<TableRows> {
      for await (const piece of source) {
        try {
          await write(piece);
        } catch (problem) {
          yield { rows: take(), problem };
          return;
        }
        yield { rows: take() };
      }
      const ended = finished(parser);
      parser.end();
      try {
        await ended;
      } catch (problem) {
        yield { rows: take(), problem };
        return;
      }
      yield { rows: take() };
    },
  };
}

/** The line that says the delimiter is no row. */
async function* withoutSaidLine(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of source) {
    const said = isFirst ? /^sep=.\r?\n/i.exec(chunk.toString('latin1', 0, 8)) : null;
    isFirst = false;
    yield said === null ? chunk : chunk.subarray(said[0].length);
  }
}

function problemOf(error: unknown, row: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const what =
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? `A quote that is opened in row ${row} or behind it is never closed; close it, or double it where it is meant as a letter`
      : error.code === 'CSV_MAX_RECORD_SIZE'
        ? `Row ${row} is larger than ${rowBytesMax} bytes; most often a quote in it is never closed`
        : `Row ${row} can’t be read as a row of a table (${error.code})`;
  return new ContactError('file', what, { cause: error });
}
