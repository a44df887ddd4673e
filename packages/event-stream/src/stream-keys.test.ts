import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamKeys, shardOf } from './stream-keys.ts';
import type { StreamKeys } from './stream-keys.ts';

/** Every key of the room, made from any prefix and shard. A key builder that is added must be added here. */
const builders: { [Name in keyof StreamKeys]: (keys: StreamKeys, shard: number) => string } = {
  events: (keys, shard) => keys.events(shard),
};

describe('stream keys', () => {
  it.each(Object.entries(builders))('%s has exactly one hash tag, the shard', (_name, build) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9:_-]{1,30}$/), fc.nat({ max: 4_096 }), (prefix, shard) => {
        const key = build(createStreamKeys(prefix), shard);
        expect(key.match(/\{[^{}]+\}/g)).toEqual([`{${shard}}`]);
        expect(key.split('{')).toHaveLength(2);
        expect(key.split('}')).toHaveLength(2);
      }),
    );
  });

  it('refuses a prefix that would bring a tag of its own', () => {
    expect(() => createStreamKeys('{mine}')).toThrow(/brace/);
    expect(() => createStreamKeys('')).toThrow(/prefix/);
  });

  it('looks as the operations manual says', () => {
    expect(createStreamKeys('trunkline').events(3)).toBe('trunkline:events:{3}');
  });
});

describe('shardOf', () => {
  it('never changes: streams that hold entries depend on it', () => {
    expect(
      ['pbx-1', 'pbx-2', 'a', '', '0198c5b0-0000-7000-8000-000000000001'].map((source) => shardOf(source, 8)),
    ).toEqual([7, 0, 7, 4, 5]);
  });

  it('spreads ids that differ in their last letters only', () => {
    for (const name of [
      (index: number) => `pbx-${index}`,
      (index: number) => `0198c5b0-0000-7000-8000-${index}`,
    ]) {
      const counts = Array.from({ length: 8 }, () => 0);
      for (let index = 0; index < 8_000; index++) {
        const shard = shardOf(name(index), 8);
        counts[shard] = (counts[shard] ?? 0) + 1;
      }
      expect(Math.min(...counts)).toBeGreaterThan(850);
      expect(Math.max(...counts)).toBeLessThan(1_150);
    }
  });

  it('stays within the shards', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 1_024 }), (source, shards) => {
        const shard = shardOf(source, shards);
        expect(Number.isInteger(shard) && shard >= 0 && shard < shards).toBe(true);
      }),
    );
  });
});
