import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { guessColumns } from '../csv/guess-columns.ts';
import { rejectedCsv } from './rejected-csv.ts';

async function rowsOf(cells: readonly string[]): Promise<string[][]> {
  let text = '';
  const rejections = [{ row: 3, reasons: ['no number', 'no name'], cells }];
  for await (const line of rejectedCsv(['name', '=phone'], rejections)) text += line;
  return parse(text, { bom: true, relax_column_count: true });
}

it('gives back what was refused, with its place and all that is wrong with it', async () => {
  const cells = ['Ada, "Countess"\nof L', '+49 (30) 123-456', '', '-5'];
  expect(await rowsOf(cells)).toEqual([
    ['Row in the file', 'What is wrong', 'name', "'=phone"],
    ['3', 'no number; no name', ...cells],
  ]);
});

it('lets no spreadsheet carry out what somebody wrote', async () => {
  const formulas = [
    '=1+1',
    '+cmd|x',
    '-2+3+cmd',
    '@SUM(1)',
    '\t=1',
    ' =1',
    '\r=1',
    '＝1',
    '"=1',
    '\u200b=1',
    '|x',
  ];
  const [, row = []] = await rowsOf(formulas);
  expect(row.slice(2)).toEqual(formulas.map((formula) => `'${formula}`));
});

it('whatever stands in a cell is one cell again, as it was or behind an apostrophe', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), async (cells) => {
      const [, row = []] = await rowsOf(cells);
      expect(row.slice(2).map((cell, index) => (cell === `'${cells[index]}` ? cells[index] : cell))).toEqual(
        cells,
      );
    }),
  );
});

it('can be imported again as it is: its own columns are taken for nothing', () => {
  const rows = [
    ['Row in the file', 'What is wrong', 'name', 'phone'],
    ['3', 'no number', 'Ada', '030 123456'],
  ];
  expect(guessColumns(rows, 'DE').targets).toEqual(['ignore', 'ignore', 'name', 'phone']);
});
