import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { clockOf, peaksOf } from './peaks.ts';

it('a sound has as many peaks as wanted, none above the loudest, and however loud it is the same outline', () => {
  // As sound has them: 16 bits each.
  const sample = fc.integer({ min: -32_768, max: 32_767 }).map((value) => value / 32_768);
  const samples = fc.array(sample, { minLength: 1, maxLength: 500 });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 60 }), (sound, parts) => {
      const peaks = peaksOf(sound, parts);
      expect(peaks).toHaveLength(parts);
      for (const peak of peaks) expect(peak >= 0 && peak <= 1).toBe(true);
      if (sound.some((value) => value !== 0)) expect(Math.max(...peaks)).toBe(1);
      const halved = peaksOf(
        sound.map((value) => value / 2),
        parts,
      );
      for (const [index, peak] of peaks.entries()) expect(halved[index]).toBeCloseTo(peak, 6);
    }),
  );
});

it('silence is flat, and loud parts stand where they are', () => {
  expect(peaksOf(new Float32Array(8), 4)).toEqual([0, 0, 0, 0]);
  expect(peaksOf([0, 0, 0.5, -0.25, 0, 0.1, 0, 0], 4)).toEqual([0, 1, 0.2, 0]);
});

it.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [187, '3:07'],
  [620, '10:20'],
  [3_729, '1:02:09'],
])('%d s are %s', (seconds, text) => {
  expect(clockOf(seconds)).toBe(text);
});
