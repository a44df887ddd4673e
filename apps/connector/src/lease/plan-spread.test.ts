import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSpread } from './plan-spread.ts';

const replicas = fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1 }), held: fc.nat(200) }), {
  selector: ({ id }) => id,
  minLength: 1,
  maxLength: 8,
});
const seen = fc.record({ replicas, notHeld: fc.nat(100) }).map(({ replicas: all, notHeld }) => ({
  replicas: all,
  total: all.reduce((sum, { held }) => sum + held, notHeld),
}));

const planOf = (all: readonly { id: string; held: number }[], total: number, movesMax: number) =>
  all.map(({ id, held }) => ({ held, ...planSpread({ self: id, replicas: all, total }, movesMax) }));

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('the spread of links over replicas', () => {
  it('gives out all of them, in shares that differ by one at most', () => {
    fc.assert(
      fc.property(seen, ({ replicas: all, total }) => {
        const shares = planOf(all, total, 5).map(({ share }) => share);
        expect(sum(shares)).toBe(total);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('leaves everything where it is once it is even', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 8 }), (total, count) => {
        const all = Array.from({ length: count }, (_, index) => ({
          id: `r${index}`,
          held: Math.floor(total / count) + (index >= count - (total % count) ? 1 : 0),
        }));
        for (const { held, share, release } of planOf(all, total, 5)) {
          expect(share).toBe(held);
          expect(release).toBe(0);
        }
      }),
    );
  });

  it('moves as few as can be, no more than allowed a round, and comes to rest', () => {
    fc.assert(
      fc.property(seen, fc.integer({ min: 1, max: 10 }), ({ replicas: all, total }, movesMax) => {
        const first = planOf(all, total, movesMax);
        // No even spread can be reached with fewer moves than the surpluses over the best choice of larger shares.
        const fewest = sum(first.map(({ held, share }) => Math.max(0, held - share)));
        let free = total - sum(all.map(({ held }) => held));
        let current = all;
        let moves = 0;
        for (let round = 0; round < 1_000; round += 1) {
          const plan = planOf(current, total, movesMax);
          const released = sum(plan.map(({ release }) => release));
          for (const { release } of plan) expect(release).toBeLessThanOrEqual(movesMax);
          moves += released;
          free += released;
          current = current.map(({ id, held }, index) => {
            const { release = 0, share = 0 } = plan[index] ?? {};
            const taken = Math.min(free, Math.max(0, share - (held - release)));
            free -= taken;
            return { id, held: held - release + taken };
          });
          if (released === 0 && free === 0) break;
        }
        expect(free).toBe(0);
        expect(moves).toBe(fewest);
        const held = current.map((replica) => replica.held);
        expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives nothing to a replica that is not among the living', () => {
    expect(planSpread({ self: 'x', replicas: [{ id: 'a', held: 3 }], total: 9 }, 5)).toEqual({
      share: 0,
      release: 0,
    });
  });
});
