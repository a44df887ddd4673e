import { decideStuckCall } from '@trunkline/domain';
import { describe, expect, it } from 'vitest';
import { liveLives } from './testing/call-lives.ts';

const lives = 50_000;

describe('fifty thousand lives of calls on a virtual clock', () => {
  const report = liveLives({ lives, seed: 1 });

  it('[STUCK1] [STUCK2] every call that is truly stuck is closed in time, and no live one ever', () => {
    expect(report.problems).toEqual([]);
    expect(report.overdueMsMax).toBe(0);
  });

  it('and much went wrong: hang-ups were lost, late, doubled and disordered, PBXs were away', () => {
    expect(report.closedGone).toBeGreaterThan(lives / 50);
    expect(report.closedUnknown).toBeGreaterThan(lives / 5_000);
    expect(report.stuck).toBeGreaterThan(lives / 50);
    expect(report.reopened).toBeGreaterThan(100);
    expect(report.deliveries).toBeGreaterThan(3 * lives);
  });

  it('are the same for the same seed, and others for another', () => {
    const [one, again, other] = [7, 7, 8].map((seed) => liveLives({ lives: 2_000, seed }));
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

describe('the proof would notice a policy that', () => {
  const problemsOf = (decide: typeof decideStuckCall) =>
    liveLives({ lives: 5_000, seed: 1, decide }).problems;

  it('ends what nobody can tell at the first limit', () => {
    const hasty: typeof decideStuckCall = (call, liveness, now, limits) =>
      decideStuckCall(call, liveness === 'unknown' ? 'gone' : liveness, now, limits);
    expect(problemsOf(hasty).join()).toMatch(/was closed at \d+ and lives until/);
  });

  it('goes by the time alone', () => {
    const blind: typeof decideStuckCall = (call, _liveness, now, limits) =>
      decideStuckCall(call, 'gone', now, limits);
    expect(problemsOf(blind).join()).toMatch(/was closed at \d+ and lives until/);
  });

  it('looks too late', () => {
    const slow: typeof decideStuckCall = (call, liveness, now, limits) =>
      decideStuckCall(call, liveness, now, { ...limits, answeredMs: limits.answeredMs + 600_001 });
    expect(problemsOf(slow).join()).toMatch(/is still shown open/);
  });
});
