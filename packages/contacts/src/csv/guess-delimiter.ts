import { parse } from 'csv-parse/sync';
import { parserOptions } from './parser-options.ts';

export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

const rowsMax = 50;

/** The first line of a file may say it to spreadsheets. */
const said = /^sep=([,;\t|])\r?\n/i;

export const saidDelimiter = (text: string): Delimiter | null =>
  (said.exec(text)?.[1] ?? null) as Delimiter | null;

/**
 * The delimiter that divides the rows of a sample into the most columns that agree: a comma within sentences divides each of them otherwise.
 * Null where none does, as in a file of one column.
 */
export function guessDelimiter(sample: string): Delimiter | null {
  const own = saidDelimiter(sample);
  if (own !== null) return own;
  let best: { readonly delimiter: Delimiter; readonly score: number } | null = null;
  for (const delimiter of delimiters) {
    const score = scoreOf(sample, delimiter);
    if (score > (best?.score ?? 0)) best = { delimiter, score };
  }
  return best?.delimiter ?? null;
}

function scoreOf(sample: string, delimiter: Delimiter): number {
  const rows = sampleRows(sample, delimiter);
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [columns, agreeing] = [...counts].toSorted(
    (one, other) => other[1] - one[1] || other[0] - one[0],
  )[0] ?? [1, 0];
  // More columns count a little, agreement much more.
  return columns < 2 ? 0 : (agreeing / rows.length) ** 2 * (2 + Math.log2(columns));
}

/** The first rows of a sample. Its last one may be cut, and is left out where there are others. */
export function sampleRows(sample: string, delimiter: Delimiter, isWhole = false): string[][] {
  const rows: string[][] = [];
  try {
    parse(sample, {
      ...parserOptions(delimiter),
      to: rowsMax + 1,
      on_record: (row: string[]) => {
        rows.push(row);
        return null;
      },
    });
  } catch {
    // A quote may end behind the sample; what was read before it is enough.
  }
  if (rows.length > 1 && (!isWhole || rows.length > rowsMax)) rows.pop();
  return rows;
}
