import type { CountryCode } from '../book/read-number.ts';
import type { ContactCard } from '../contact.ts';
import { ContactError } from '../contact-error.ts';
import { decodeSample } from './decode.ts';
import { detectEncoding, type Encoding } from './detect-encoding.ts';
import { guessColumns, type ColumnTarget } from './guess-columns.ts';
import { guessDelimiter, sampleRows, type Delimiter } from './guess-delimiter.ts';
import { columnsMax } from './parser-options.ts';
import { rowToCard } from './row-to-card.ts';

/** So much of a file is looked at before it is read. */
export const sampleBytesMax = 256 * 1024;

const previewRowsMax = 10;
const previewLettersMax = 200;

/** What somebody knows better than the guess. */
export interface FormatWishes {
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: Delimiter | undefined;
  readonly hasHeader?: boolean | undefined;
  readonly columns?: readonly ColumnTarget[] | undefined;
}

export interface PreviewColumn {
  /** As its first row names it; null without a header. */
  readonly header: string | null;
  readonly target: ColumnTarget;
  readonly samples: readonly string[];
}

export interface PreviewRow {
  readonly row: number;
  /** What it would say of a contact; null where it is refused. */
  readonly card: ContactCard | null;
  readonly problems: readonly string[];
}

export interface FilePreview {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly hasHeader: boolean;
  readonly columns: readonly PreviewColumn[];
  readonly rows: readonly PreviewRow[];
}

export interface Sample {
  readonly bytes: Uint8Array;
  /** The sample is all of the file. */
  readonly isWhole: boolean;
  readonly isUtf8: boolean;
}

/** What a file seems to be, and what its first rows would become. Where it is no table it says so. */
export function previewFile(sample: Sample, wishes: FormatWishes, country: CountryCode | null): FilePreview {
  if (sample.bytes.length === 0) throw new ContactError('file', 'The file is empty; choose one with rows');
  const encoding = wishes.encoding ?? detectEncoding(sample.bytes, sample.isUtf8);
  const text = decodeSample(sample.bytes, encoding);
  refuseBinary(sample.bytes, text);
  if (text.trim() === '')
    throw new ContactError('file', 'The file holds nothing but blanks; choose one with rows');
  const delimiter = wishes.delimiter ?? guessDelimiter(text) ?? ',';
  const rows = sampleRows(withoutSaidDelimiter(text), delimiter, sample.isWhole);
  refuseUnreadable(rows);
  const guessed = guessColumns(rows, country, wishes.hasHeader);
  const targets = guessed.targets.map((target, index) => wishes.columns?.[index] ?? target);
  const body = guessed.hasHeader ? rows.slice(1) : rows;
  return {
    encoding,
    delimiter,
    hasHeader: guessed.hasHeader,
    columns: targets.map((target, index) => ({
      header: guessed.hasHeader ? shown(rows[0]?.[index] ?? '') : null,
      target,
      samples: body.slice(0, 3).map((row) => shown(row[index] ?? '')),
    })),
    rows: body.slice(0, previewRowsMax).map((row, index) => {
      const read = rowToCard(row, targets, country);
      return 'card' in read
        ? { row: index + 1, card: read.card, problems: [] }
        : { row: index + 1, card: null, problems: read.problems };
    }),
  };
}

const signatures: readonly (readonly [string, string])[] = [
  ['PK\u0003\u0004', 'a spreadsheet or an archive; save it as CSV first'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old spreadsheet; save it as CSV first'],
  ['%PDF', 'a PDF; export the table itself as CSV'],
  ['\u001f\u008b', 'compressed; unpack it first'],
];

function refuseBinary(bytes: Uint8Array, text: string): void {
  const begin = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  const known = signatures.find(([signature]) => begin.startsWith(signature));
  if (known !== undefined) throw new ContactError('file', `The file is ${known[1]}`);
  if (text.replaceAll('\0', '').trim() === '' && text.includes('\0'))
    throw new ContactError('file', 'The file holds nothing but NUL bytes; it was not written to its end');
}

function refuseUnreadable(rows: readonly (readonly string[])[]): void {
  const [first] = rows;
  if (first === undefined)
    throw new ContactError(
      'file',
      'No row of the file can be read: its first one is too large, or a quote in it is never closed',
    );
  if (first.length > columnsMax)
    throw new ContactError(
      'file',
      `The file has more than ${columnsMax} columns, which is more than can be read; its delimiter may be another one`,
    );
}

/** What can't be shown is replaced; what is long is cut. */
const shown = (text: string): string =>
  text
    .slice(0, previewLettersMax)
    .replace(/\p{Cc}/gu, '\ufffd')
    .toWellFormed();

const withoutSaidDelimiter = (text: string): string => text.replace(/^sep=[,;\t|]\r?\n/i, '');
