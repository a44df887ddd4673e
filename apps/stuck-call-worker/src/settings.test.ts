import { stuckCallLimitBounds } from '@trunkline/domain';
import { describeSettings, readSettings } from '@trunkline/service-kit';
import { describe, expect, it } from 'vitest';
import { stuckCallLimitsOf } from '@trunkline/stuck-calls';
import { stuckCallWorkerSettings, timingOf } from './settings.ts';

const read = (env: Record<string, string> = {}) =>
  readSettings(stuckCallWorkerSettings, {
    DATABASE_URL: 'postgresql://localhost/trunkline',
    REDIS_URL: 'redis://localhost',
    ...env,
  });

describe('when sweeps are made', () => {
  it('is every ten minutes, unless an interval or a cron line says otherwise', () => {
    expect(timingOf(read().sweep)).toEqual({ everyMs: 600_000 });
    expect(timingOf(read({ TRUNKLINE_STUCK_CALLS_EVERY: '2m' }).sweep)).toEqual({ everyMs: 120_000 });
    expect(timingOf(read({ TRUNKLINE_STUCK_CALLS_CRON: ' 0 3 * * * ' }).sweep)).toEqual({
      cron: '0 3 * * *',
    });
  });

  it('is never said by both, nor by a line that is none', () => {
    const both = read({ TRUNKLINE_STUCK_CALLS_EVERY: '2m', TRUNKLINE_STUCK_CALLS_CRON: '* * * * *' });
    expect(() => timingOf(both.sweep)).toThrow(/leave one of the two out/);
    for (const line of ['every day', '61 * * * *', '* * *']) {
      expect(() => read({ TRUNKLINE_STUCK_CALLS_CRON: line })).toThrow(
        /TRUNKLINE_STUCK_CALLS_CRON must be a cron line/,
      );
    }
  });
});

describe('the limits', () => {
  it('have defaults', () => {
    expect(stuckCallLimitsOf(read().sweep)).toEqual({
      answeredMs: 1_800_000,
      unansweredMs: 1_800_000,
      unknownMs: 86_400_000,
    });
  });

  it('have the bounds of the domain, all three', () => {
    const variables = ['TIMEOUT', 'RINGING_TIMEOUT', 'UNKNOWN_TIMEOUT'].map(
      (name) => `TRUNKLINE_STUCK_CALLS_${name}`,
    );
    for (const variable of variables) {
      for (const outside of [stuckCallLimitBounds.minMs - 1, stuckCallLimitBounds.maxMs + 1]) {
        expect(() => read({ [variable]: `${outside}ms` })).toThrow(variable);
      }
    }
  });

  it('and the second one is not shorter than the first', () => {
    const { sweep } = read({ TRUNKLINE_STUCK_CALLS_UNKNOWN_TIMEOUT: '20m' });
    expect(() => stuckCallLimitsOf(sweep)).toThrow(/must not be shorter than TRUNKLINE_STUCK_CALLS_TIMEOUT/);
  });
});

it('each setting can be described', () => {
  expect(describeSettings(stuckCallWorkerSettings).length).toBeGreaterThan(10);
});
