import type { Rejection } from './merge-chunk.ts';

/**
 * What was refused, to be corrected and imported again: the columns as they were, behind the row's place and what is wrong with it. Those two have names
 * that no guess takes for anything. It is UTF-8 with a mark, which spreadsheets need.
 */
export async function* rejectedCsv(
  headers: readonly string[],
  rejections: AsyncIterable<Rejection> | Iterable<Rejection>,
): AsyncGenerator<string> {
  yield `\ufeff${lineOf(['Row in the file', 'What is wrong', ...headers])}`;
  for await (const { row, reasons, cells } of rejections)
    yield lineOf([String(row), reasons.join('; '), ...cells]);
}

const lineOf = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(harmless(cell))).join(',')}\r\n`;

/**
 * What begins like a formula would be carried out by whoever opens the file. A number as one dials it is none, and stays as it is. Marks and blanks
 * before it count for nothing, since spreadsheets pass over them.
 */
const harmless = (text: string): string =>
  /^[\s\p{Cc}\p{Cf}'"]*[=+\-@\uff1d\uff0b\uff0d\uff20|]/u.test(text) && !/^\+?[\d ()/-]+$/.test(text)
    ? `'${text}`
    : text;

const quoted = (text: string): string =>
  /[",;\t\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
