import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextStep, retryTuning as tuning } from './next-step.ts';

const outcome = fc
  .constantFrom('later', 'broken', 'missing', 'hopeless')
  .map((kind) => ({ kind, problem: 'x' }) as const);

it('whatever happens, a recording is tried again within hours or given up, and only an answer costs an attempt', () => {
  fc.assert(
    fc.property(
      outcome,
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (one, attempts, random) => {
        const step = nextStep(one, { attempts, random, tuning });
        if (step.kind === 'give-up') {
          expect(['broken', 'missing', 'hopeless']).toContain(one.kind);
          return;
        }
        expect(step.waitMs).toBeGreaterThan(0);
        expect(step.waitMs).toBeLessThanOrEqual(2.5 * 3_600_000);
        expect(step.countsAttempt).toBe(one.kind !== 'later');
      },
    ),
  );
});

it('gives up what the PBX does not have sooner than what breaks, and what is hopeless at once', () => {
  const givenUpAt = (kind: 'broken' | 'missing' | 'hopeless'): number => {
    for (let attempts = 1; ; attempts += 1) {
      if (nextStep({ kind, problem: '' }, { attempts, random: 0.5, tuning }).kind === 'give-up')
        return attempts;
    }
  };
  expect([givenUpAt('hopeless'), givenUpAt('missing'), givenUpAt('broken')]).toEqual([1, 5, 20]);
});

it('waits longer with each attempt', () => {
  const waits = [1, 2, 3, 4, 5, 6].map((attempts) =>
    nextStep({ kind: 'broken', problem: '' }, { attempts, random: 0.5, tuning }),
  );
  expect(waits.map((step) => (step.kind === 'retry' ? step.waitMs : 0))).toEqual([...tuning.waitsMs]);
});
