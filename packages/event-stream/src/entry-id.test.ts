import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareEntryIds, entryIdAfter, entryIdMs } from './entry-id.ts';

const part = fc.bigInt({ min: 0n, max: 2n ** 64n - 2n });
const id = fc.tuple(part, part);

describe('entry id', () => {
  it('orders as the pair of numbers does', () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        const [msA, seqA] = a;
        const [msB, seqB] = b;
        const expected = msA === msB ? Number(seqA > seqB) - Number(seqA < seqB) : msA > msB ? 1 : -1;
        expect(Math.sign(compareEntryIds(a.join('-'), b.join('-')))).toBe(expected);
      }),
    );
  });

  it('is not ordered as text', () => {
    expect(compareEntryIds('9-0', '10-0')).toBeLessThan(0);
    expect(compareEntryIds('10-9', '10-10')).toBeLessThan(0);
  });

  it('has a next one', () => {
    expect(entryIdAfter('1795224029864-499')).toBe('1795224029864-500');
    expect(entryIdAfter('1-18446744073709551614')).toBe('1-18446744073709551615');
  });

  it('tells when it was made', () => {
    expect(entryIdMs('1795224029864-499')).toBe(1_795_224_029_864);
  });
});
