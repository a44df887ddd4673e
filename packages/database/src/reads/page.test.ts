import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyShape, limitOf, pageOf, readCursor, timeShape, uuidShape } from './page.ts';
import { ReadError } from './read-error.ts';

const rows = (count: number): string[] => Array.from({ length: count }, (_, index) => `row ${index}`);
const page = (count: number, limit: number) =>
  pageOf(
    rows(count),
    limit,
    (row) => row,
    (row) => [row],
  );

describe('a page', () => {
  it('has a next one exactly where more rows were found than it shows', () => {
    expect(page(2, 2)).toEqual({ items: ['row 0', 'row 1'], next: null });
    expect(page(0, 2)).toEqual({ items: [], next: null });
    expect(page(3, 2).items).toEqual(['row 0', 'row 1']);
    expect(readCursor(page(3, 2).next ?? '', [keyShape])).toEqual(['row 1']);
  });

  it('has a bounded size', () => {
    expect(limitOf({})).toBe(50);
    expect(limitOf({ limit: 500 })).toBe(500);
    for (const limit of [0, -1, 501, 1.5, Number.NaN]) expect(() => limitOf({ limit })).toThrow(ReadError);
  });
});

describe('a cursor', () => {
  it('that was not given with a page is refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.base64String()), (text) => {
        expect(() => readCursor(text, [timeShape, uuidShape, keyShape])).toThrow(ReadError);
      }),
    );
  });

  it('holds a place in all its microseconds', () => {
    const place = ['2026-01-01 00:00:00.123456+00', '00000000-0000-4000-8000-000000000001', 'call "1" é'];
    const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
    expect(readCursor(cursor, [timeShape, uuidShape, keyShape])).toEqual(place);
    expect(() => readCursor(cursor, [timeShape, uuidShape])).toThrow(ReadError);
  });
});
