import * as fc from 'fast-check';
import { vendors } from '@trunkline/pbx';
import { describe, expect, it } from 'vitest';
import { connectorSettings, limitsOf } from '../settings.ts';
import { readSettings } from '@trunkline/service-kit';
import type { AttemptFault } from './attempt-fault.ts';
import { judgeFault, type Case, type Verdict } from './judge-fault.ts';

const env = { DATABASE_URL: 'postgresql://localhost/x', REDIS_URL: 'redis://localhost' };
/** What operators get who set nothing. */
const limits = limitsOf(readSettings(connectorSettings, env).retry);

const judge = (fault: AttemptFault, given: Partial<Case> = {}): Verdict =>
  judgeFault(
    {
      vendor: 'yeastar',
      fault,
      failures: 1,
      credentialFailures: 0,
      wallNow: 1_000_000,
      random: 0.5,
      ...given,
    },
    limits,
  );
const delay = (verdict: Verdict): number => (verdict.kind === 'wait' ? verdict.delayMs : Number.NaN);
const minutes = 60_000;

describe('an ordinary drop', () => {
  const fault = { kind: 'unreachable' } as const;

  it('of a Yeastar waits 5 s, a fifth more or less, and longer after 12 failures', () => {
    expect(delay(judge(fault, { random: 0 }))).toBe(4_000);
    expect(delay(judge(fault, { random: 0.5 }))).toBe(5_000);
    expect(delay(judge(fault, { random: 0.999_999_9 }))).toBeCloseTo(6_000, 0);
    expect(delay(judge(fault, { failures: 12 }))).toBe(5_000);
    expect(delay(judge(fault, { failures: 13 }))).toBe(10_000);
    expect(delay(judge(fault, { failures: 14 }))).toBe(20_000);
    expect(delay(judge(fault, { failures: 500, random: 0.999_999_9 }))).toBeLessThanOrEqual(60_000);
    expect(delay(judge(fault, { failures: 500, random: 0.999_999_9 }))).toBeGreaterThan(59_000);
  });

  it.each(['asterisk-ari', 'asterisk-ami'] as const)(
    'of %s waits up to 0.5 s, doubled up to 30 s',
    (vendor) => {
      const widest = (failures: number) => delay(judge(fault, { vendor, failures, random: 0.999_999_999 }));
      expect([1, 2, 3, 7, 50].map((failures) => Math.round(widest(failures)))).toEqual([
        500, 1_000, 2_000, 30_000, 30_000,
      ]);
      expect(delay(judge(fault, { vendor, failures: 7, random: 0 }))).toBe(0);
    },
  );
});

describe('refused credentials', () => {
  const fault = { kind: 'credentials' } as const;

  it('are tried 3 times in all', () => {
    expect(judge(fault, { credentialFailures: 1 })).toMatchObject({
      kind: 'wait',
      delayMs: 5_000,
      alarm: true,
    });
    expect(judge(fault, { credentialFailures: 2 }).kind).toBe('wait');
    expect(judge(fault, { credentialFailures: 3 }).kind).toBe('refuse');
    expect(judge(fault, { credentialFailures: 4 }).kind).toBe('refuse');
  });

  it('are tried once a minute at an Asterisk', () => {
    expect(judge(fault, { vendor: 'asterisk-ami', credentialFailures: 1 })).toMatchObject({
      delayMs: 60_000,
    });
  });
});

describe('a block', () => {
  const blocked = (until: number | null, given: Partial<Case> = {}) => {
    const verdict = judge({ kind: 'blocked', until }, { random: 0, ...given });
    return verdict.kind === 'block' ? verdict.forMs : Number.NaN;
  };

  it('lasts 11 minutes, or what the PBX says, if that is longer, and up to 30 s more', () => {
    expect(blocked(null)).toBe(11 * minutes);
    expect(blocked(1_000_000 + 2 * minutes)).toBe(11 * minutes);
    expect(blocked(1_000_000 + 20 * minutes)).toBe(20 * minutes);
    expect(blocked(null, { random: 0.999_999_9 })).toBeCloseTo(11 * minutes + 30_000, 0);
    expect(blocked(null, { vendor: 'asterisk-ami' })).toBe(5 * minutes);
  });

  it('for ever is looked at once a day', () => {
    expect(blocked(Date.UTC(2099, 0, 1), { wallNow: Date.UTC(2026, 0, 1) })).toBe(24 * 60 * minutes);
  });
});

describe('other faults', () => {
  it.each([
    ['yeastar', { kind: 'forbidden' }, 15 * minutes, true],
    ['asterisk-ari', { kind: 'forbidden' }, minutes, true],
    ['yeastar', { kind: 'crowded', until: null }, 30 * minutes, false],
    ['yeastar', { kind: 'crowded', until: 1_000_000 + 4 * minutes }, 4 * minutes, false],
    ['yeastar', { kind: 'crowded', until: 1_000_000 + 400 * minutes }, 30 * minutes, false],
    ['yeastar', { kind: 'crowded', until: 0 }, 5_000, false],
    ['asterisk-ami', { kind: 'crowded', until: null }, 30_000, false],
    ['asterisk-ari', { kind: 'starting' }, 5_000, false],
    ['asterisk-ami', { kind: 'shutdown' }, 2_000, false],
    ['yeastar', { kind: 'certificate', fingerprint: 'ab' }, minutes, true],
    ['asterisk-ari', { kind: 'protocol' }, minutes, true],
    ['asterisk-ari', { kind: 'unconfigured' }, minutes, true],
    ['asterisk-ari', { kind: 'unprepared' }, 1_000, false],
  ] as const)('%s: %j waits %i ms (alarm: %s)', (vendor, fault, delayMs, alarm) => {
    expect(judge(fault, { vendor })).toMatchObject({ kind: 'wait', delayMs, alarm, freshLease: false });
  });

  it('after a shutdown the back-off follows', () => {
    expect(delay(judge({ kind: 'shutdown' }, { failures: 3 }))).toBe(5_000);
  });

  it('somebody in our place asks for a fresh lease', () => {
    expect(judge({ kind: 'replaced' }, { vendor: 'asterisk-ari' })).toMatchObject({ freshLease: true });
  });
});

it('every fault of every vendor gets a bounded verdict', () => {
  const kinds = [
    'unreachable',
    'silent',
    'credentials',
    'forbidden',
    'starting',
    'replaced',
    'shutdown',
  ] as const;
  const more = ['protocol', 'overrun', 'closed', 'unconfigured', 'unprepared'] as const;
  const until = fc.option(fc.integer({ min: 0, max: 2 ** 43 }));
  const fault = fc.oneof(
    fc.constantFrom(...kinds, ...more).map((kind) => ({ kind })),
    fc.record({ kind: fc.constantFrom('blocked' as const, 'crowded' as const), until }),
  );
  const given = fc.record({
    vendor: fc.constantFrom(...vendors),
    fault,
    failures: fc.nat(1_000_000),
    credentialFailures: fc.nat(10),
    wallNow: fc.integer({ min: 0, max: 2 ** 42 }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(given, (each) => {
      const verdict = judgeFault(each, limits);
      const ms = verdict.kind === 'wait' ? verdict.delayMs : verdict.kind === 'block' ? verdict.forMs : 0;
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(24 * 3600 * 1000);
    }),
  );
});
