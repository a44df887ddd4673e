import { describeSettings, readSettings } from '@trunkline/service-kit';
import { expect, it } from 'vitest';
import { connectorSettings, limitsOf } from './settings.ts';

const needed = { DATABASE_URL: 'postgresql://localhost/trunkline', REDIS_URL: 'redis://localhost' };

it('every setting says what it is for, with a valid default and example', () => {
  const described = describeSettings(connectorSettings);
  expect(described.length).toBeGreaterThan(30);
  expect(described.filter(({ explain }) => explain === '')).toEqual([]);
  expect(described.filter((each) => each.default?.because === '')).toEqual([]);
});

it('by default a dead socket is noticed within 20 s, and a killed replica is replaced within 5 s', () => {
  const { timing, lease } = readSettings(connectorSettings, needed);
  expect(timing.heartbeatEveryMs + timing.heartbeatAnswerMs).toBeLessThan(20_000);
  expect(lease.ttlMs + lease.lookMs).toBeLessThan(5_000);
  expect(lease.renewMs * 3).toBeLessThan(lease.ttlMs);
});

it('no default tries a login as often as a PBX blocks for', () => {
  const limits = limitsOf(readSettings(connectorSettings, needed).retry);
  expect(limits.credentialFailuresMax).toBeLessThan(5);
  expect(limits.yeastar.blockMs).toBe(11 * 60_000);
});
