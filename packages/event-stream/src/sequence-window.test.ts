import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOLES_MAX, SequenceWindow } from './sequence-window.ts';

function seen(...seqs: number[]): SequenceWindow {
  const window = new SequenceWindow();
  for (const seq of seqs) window.see(seq);
  return window;
}

describe('SequenceWindow', () => {
  it('takes numbers in order without holes', () => {
    const window = seen(1, 2, 3);
    expect(window).toMatchObject({ high: 3, received: 3, duplicates: 0, lost: 0, holes: [] });
    expect(window.holesAsText()).toBe('{}');
  });

  it('counts from 1, so a first sight of 5 leaves a hole of four', () => {
    expect(seen(5).holes).toEqual([{ from: 1, to: 4 }]);
  });

  it('names each sighting', () => {
    const window = new SequenceWindow();
    expect([1, 4, 4, 2, 2, 3, 5, 1].map((seq) => window.see(seq))).toEqual([
      'next',
      'ahead',
      'duplicate',
      'late',
      'duplicate',
      'late',
      'next',
      'duplicate',
    ]);
    expect(window).toMatchObject({ high: 5, received: 5, duplicates: 3, holes: [] });
  });

  it('forgets the oldest hole beyond its bound, counts it as lost and takes what still comes for duplicates', () => {
    const window = new SequenceWindow();
    // 3, 5, 7 ...: the first hole is 1-2, the others a single number each.
    for (let index = 0; index <= HOLES_MAX; index++) window.see(3 + 2 * index);
    expect(window.holes).toHaveLength(HOLES_MAX);
    expect(window.lost).toBe(2);
    expect(window.see(1)).toBe('duplicate');
    expect(window.see(4)).toBe('late');
  });

  it('bounds its holes also where a late number splits one', () => {
    const window = new SequenceWindow();
    for (let index = 1; index <= HOLES_MAX; index++) window.see(10 * index);
    window.see(10 * HOLES_MAX - 5);
    expect(window.holes).toHaveLength(HOLES_MAX);
    expect(window.lost).toBe(9);
  });

  const history = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 600 });

  it('takes each number exactly once and keeps exactly the absent ones as holes, in any order, however often', () => {
    fc.assert(
      fc.property(history, (seqs) => {
        const window = new SequenceWindow();
        const taken = seqs.filter((seq) => window.see(seq) !== 'duplicate');
        const unique = new Set(seqs);
        expect(taken).toEqual([...unique]);
        const high = Math.max(0, ...seqs);
        const absent = Array.from({ length: high }, (_, index) => index + 1).filter(
          (seq) => !unique.has(seq),
        );
        const inHoles = window.holes.flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, at) => from + at),
        );
        expect(inHoles).toEqual(absent);
        expect(window).toMatchObject({
          high,
          received: unique.size,
          duplicates: seqs.length - unique.size,
          lost: 0,
        });
      }),
    );
  });

  it('survives the database: restored in the middle, it goes on as if nothing had happened', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const whole = seen(...before);
        const restored = SequenceWindow.restore({
          high: whole.high,
          missing: whole.holesAsText(),
          received: whole.received,
          duplicates: whole.duplicates,
          lost: whole.lost,
        });
        expect(after.map((seq) => restored.see(seq))).toEqual(after.map((seq) => whole.see(seq)));
        expect(restored.holes).toEqual(whole.holes);
      }),
    );
  });

  it('accounts for every number up to its high, also when holes were forgotten', () => {
    const sparse = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 300, maxLength: 900 });
    fc.assert(
      fc.property(sparse, (seqs) => {
        const window = seen(...seqs);
        const inHoles = window.holes.reduce((sum, { from, to }) => sum + to - from + 1, 0);
        expect(window.received + inHoles + window.lost).toBe(window.high);
        expect(window.holes.length).toBeLessThanOrEqual(HOLES_MAX);
      }),
      { numRuns: 50 },
    );
  });
});
