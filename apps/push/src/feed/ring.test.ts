import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Entry } from './entry.ts';
import { outOfReach, Ring } from './ring.ts';

const bounds = { entriesMax: 4, lettersMax: 1_000_000 };

const entry = (sequence: number, payload: object): Entry =>
  new Entry(sequence, {
    offset: `${sequence + 100}-0`,
    id: '1',
    payload: JSON.stringify(payload),
    traceparent: null,
  });
const phone = (sequence: number): Entry =>
  entry(sequence, { extension_update: [{ extension: `${sequence}` }] });
const run = (sequence: number): Entry => entry(sequence, { cleanup_run: [{ id: `${sequence}` }] });

const sequences = (entries: readonly Entry[] | typeof outOfReach) =>
  entries === outOfReach ? entries : entries.map(({ sequence }) => sequence);

describe('a ring', () => {
  it('answers with what was told in a topic behind a place', () => {
    const ring = new Ring('e', '100-0', bounds);
    for (const one of [phone(1), run(2), phone(3)]) ring.append(one);
    expect(sequences(ring.since('extensions', 0, 10))).toEqual([1, 3]);
    expect(sequences(ring.since('extensions', 1, 10))).toEqual([3]);
    expect(sequences(ring.since('cleanup', 0, 10))).toEqual([2]);
    expect(sequences(ring.since('pbx', 0, 10))).toEqual([]);
    expect(sequences(ring.since('extensions', 0, 1))).toEqual([1]);
  });

  it('says so when a place lies before what it keeps', () => {
    const ring = new Ring('e', '100-0', bounds);
    for (let sequence = 1; sequence <= 6; sequence += 1) ring.append(phone(sequence));
    expect([ring.size, ring.floor, ring.last]).toEqual([4, '102-0', '106-0']);
    expect(ring.sequenceAt('101-0')).toBe(outOfReach);
    expect(ring.sequenceAt('102-0')).toBe(2);
    expect(ring.sequenceAt('104-5')).toBe(4);
    expect(ring.sequenceAt('999-0')).toBe(6);
    expect(sequences(ring.since('extensions', 1, 10))).toBe(outOfReach);
    expect(sequences(ring.since('extensions', 2, 10))).toEqual([3, 4, 5, 6]);
    expect(ring.offsetAt(2)).toBe('102-0');
    expect(ring.offsetAt(5)).toBe('105-0');
    expect(ring.offsetAt(1)).toBe(outOfReach);
  });

  it('grows at its old end, within its bounds', () => {
    const ring = new Ring('e', '100-0', bounds);
    ring.append(phone(1));
    ring.prepend([phone(-1), run(0)], '98-0');
    expect(ring.floor).toBe('98-0');
    expect(sequences(ring.since('extensions', ring.floorSequence, 10))).toEqual([-1, 1]);
    expect(ring.sequenceAt('98-0')).toBe(-2);
    ring.append(phone(2));
    ring.append(phone(3));
    expect(ring.floor).toBe('99-0');
    expect(sequences(ring.since('extensions', -1, 10))).toEqual([1, 2, 3]);
  });

  it('that takes the place of another one counts on from there', () => {
    const old = new Ring('e', '100-0', bounds);
    for (const one of [phone(1), phone(2)]) old.append(one);
    const ring = new Ring('f', '7-0', bounds, old.lastSequence);
    expect([ring.lastSequence, ring.sequenceAt('7-0'), ring.offsetAt(2)]).toEqual([2, 2, '7-0']);
    expect(sequences(ring.since('extensions', 1, 10))).toBe(outOfReach);
    ring.append(phone(3));
    expect(sequences(ring.since('extensions', 2, 10))).toEqual([3]);
  });

  it('is bounded by letters as well, and keeps the newest entry whatever its size', () => {
    const ring = new Ring('e', '100-0', { entriesMax: 100, lettersMax: 100 });
    for (let sequence = 1; sequence <= 9; sequence += 1) ring.append(phone(sequence));
    expect(ring.letters).toBeLessThanOrEqual(100);
    expect(ring.last).toBe('109-0');
    ring.bound({ entriesMax: 100, lettersMax: 1 });
    expect([ring.size, ring.floor]).toEqual([1, '108-0']);
  });

  it('tells what concerns every phone to each of them, in order and once', () => {
    const ring = new Ring('e', '100-0', bounds);
    const call = (sequence: number, phones: string[] | null) =>
      entry(sequence, { call_update: [{ pbx: 'p', call: `${sequence}`, phones }] });
    for (const one of [call(1, ['1001']), call(2, null), call(3, ['1002'])]) ring.append(one);
    expect(sequences(ring.since('calls:1001', 0, 10))).toEqual([1, 2]);
    expect(sequences(ring.since('calls:1002', 0, 10))).toEqual([2, 3]);
    expect(sequences(ring.since('calls:7', 0, 10))).toEqual([2]);
    expect(sequences(ring.since('calls', 0, 10))).toEqual([1, 2, 3]);
  });

  it('agrees with a list that keeps everything, wherever it can answer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 10 }),
        fc.nat(30),
        (kinds, entriesMax, asked) => {
          const ring = new Ring('e', '100-0', { entriesMax, lettersMax: 1_000_000 });
          const all = kinds.map((isPhone, index) => (isPhone ? phone(index + 1) : run(index + 1)));
          for (const one of all) ring.append(one);
          const expected = all.filter(({ sequence }, index) => sequence > asked && kinds[index] === true);
          const answer = ring.since('extensions', asked, 100);
          if (answer === outOfReach) expect(asked).toBeLessThan(all.length - entriesMax);
          else expect(answer).toEqual(expected);
        },
      ),
    );
  });
});
