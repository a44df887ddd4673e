import type { Options } from 'csv-parse';
import type { Delimiter } from './guess-delimiter.ts';

/** A row beyond this is no contact; mostly a quote that is never closed has swallowed the rest. */
export const rowBytesMax = 1024 * 1024;

/** Beyond this a row is no contact, and most of it would be lost. */
export const columnsMax = 500;

/** Files are read as people make them: rows of any length, quotes within words, empty lines. */
export const parserOptions = (delimiter: Delimiter): Options => ({
  delimiter,
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: rowBytesMax,
  record_delimiter: ['\r\n', '\n', '\r'],
});
