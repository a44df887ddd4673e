import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

const cell = (text: string): string => csvOf([{ a: text }]).slice('\uFEFFa\r\n'.length, -2);

it.each([
  ['=cmd|calc!A1', `"'=cmd|calc!A1"`],
  ['@SUM(1)', `"'@SUM(1)"`],
  ['-1+1', `"'-1+1"`],
  ['+1+cmd', `"'+1+cmd"`],
  ['  =1', `"'  =1"`],
  ['\t=1', `"'\t=1"`],
  ['\r1', `"'\r1"`],
  ['+351912345678', '+351912345678'],
  ['***678', '***678'],
  ['Ana', 'Ana'],
  ['O"Hara, Ben\nO', '"O""Hara, Ben\nO"'],
  ['', ''],
])('%j stands in a cell as %j, and no spreadsheet carries it out', (text, expected) => {
  expect(cell(text)).toBe(expected);
});

it('has a line of columns, numbers and words as they are, and nothing for what is not known', () => {
  const rows = [
    { name: 'a', talk: 3, ok: true, phones: ['1001', '1002'], end: null },
    { name: 'b', talk: -1, ok: false, phones: [], end: '2026-11-30T12:00:00Z' },
  ];
  expect(csvOf(rows)).toBe(
    '\uFEFFname,talk,ok,phones,end\r\na,3,true,1001 1002,\r\nb,-1,false,,2026-11-30T12:00:00Z\r\n',
  );
  expect(csvOf([])).toBe('\uFEFF\r\n');
});
