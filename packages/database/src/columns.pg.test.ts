import { cleanText } from '@trunkline/domain';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { column, parametersOf, readColumn, unnested } from './columns.ts';
import type { Database } from './database.ts';
import { preparedDatabase } from './testing/index.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase(2);
});
afterAll(() => database[Symbol.asyncDispose]());

interface Row {
  readonly text: string | undefined;
  readonly list: readonly string[];
  readonly big: bigint | undefined;
  readonly flag: boolean;
  readonly at: number | undefined;
}

const columns = [
  column('text', 'text', (row: Row) => row.text),
  column('list', 'text[]', (row: Row) => row.list),
  column('big', 'bigint', (row: Row) => row.big),
  column('flag', 'boolean', (row: Row) => row.flag),
  column('at', 'instant', (row: Row) => row.at),
];

/** Anything but what the door lets nobody bring: control characters and halves of character pairs. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 'NULL', '{}', '"', '\\', ',', "'", '\\"', '{"a",b}'),
  )
  .map((value) => cleanText(value, 100));
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const rowsOf = fc.array(
  fc.record({
    text: optional(text),
    list: fc.array(
      text.filter((word) => word !== ''),
      { maxLength: 4 },
    ),
    big: optional(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    flag: fc.boolean(),
    at: optional(fc.integer({ min: 0, max: 253_402_300_799_999 })),
  }),
  { maxLength: 20 },
);

it('whatever is sent as columns arrives as the same rows, in the same order', async () => {
  const statement = `
    select text, ${readColumn({ name: 'list', type: 'text[]' })} as list, big, flag,
      (extract(epoch from ${readColumn({ name: 'at', type: 'instant' })}) * 1000)::bigint as at
    from ${unnested(columns)}`;
  await fc.assert(
    fc.asyncProperty(rowsOf, async (rows) => {
      const stored = await database.run((transaction) =>
        transaction.query<Record<string, unknown>>(statement, parametersOf(columns, rows)),
      );
      const expected = rows.map(({ text: words, list, big, flag, at }) => ({
        text: words ?? null,
        list,
        big: big === undefined ? null : String(big),
        flag,
        at: at === undefined ? null : String(at),
      }));
      expect(stored).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it('a text that would shift the rows behind it is refused', () => {
  const rows: Row[] = [{ text: 'a\u001fb', list: [], big: undefined, flag: false, at: undefined }];
  expect(() => parametersOf(columns, rows)).toThrow('control character');
});
