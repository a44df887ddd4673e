import { describeSettings, readSettings } from '@trunkline/service-kit';
import { targetPolicyOf } from '@trunkline/webhooks';
import { expect, it } from 'vitest';
import { keysOf, webhookWorkerSettings } from './settings.ts';

const read = (env: Record<string, string> = {}) =>
  readSettings(webhookWorkerSettings, {
    DATABASE_URL: 'postgresql://localhost/trunkline',
    REDIS_URL: 'redis://localhost',
    ...env,
  });

it('a worker without its key does not start, and says how to make one', () => {
  expect(() => keysOf(read().webhooks)).toThrow(/TRUNKLINE_WEBHOOK_KEY is not set, .*openssl rand -hex 24/);
  const keys = keysOf(read({ TRUNKLINE_WEBHOOK_KEY: `2026a:${'k'.repeat(40)}` }).webhooks);
  expect(keys.open(keys.seal('whsec_a', 'e'), 'e')).toBe('whsec_a');
});

it('unless it is told otherwise, webhooks go to the public internet by https only', () => {
  expect(targetPolicyOf(read().webhooks)).toEqual({ privateAllowed: false, ports: [443, 8443] });
  const open = { TRUNKLINE_WEBHOOK_PRIVATE: 'allow', TRUNKLINE_WEBHOOK_PORTS: 'any' };
  expect(targetPolicyOf(read(open).webhooks)).toEqual({ privateAllowed: true, ports: 'any' });
  expect(() => read({ TRUNKLINE_WEBHOOK_PORTS: '443,http' })).toThrow('TRUNKLINE_WEBHOOK_PORTS');
});

it('each setting can be described', () => {
  expect(describeSettings(webhookWorkerSettings).length).toBeGreaterThan(8);
});
