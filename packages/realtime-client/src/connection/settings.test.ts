import { expect, it } from 'vitest';
import { chat, crm, softphone } from './presets.ts';
import { defaults, readSettings } from './settings.ts';

it('every key of the softphone, the chat and the CRM is accepted and means what it meant there', () => {
  expect(
    readSettings({
      maxReconnectAttempts: 20,
      baseDelay: 1000,
      maxDelay: 30000,
      jitterRange: 1000,
      healthCheckInterval: 30000,
      connectionTimeout: 15000,
      heartbeatInterval: 25000,
      unhealthyThreshold: 3,
      fullJitter: false,
    }),
  ).toEqual(readSettings({ preset: softphone }));
  expect(
    readSettings({ maxReconnectAttempts: 5, reconnectDelay: 1000, pingInterval: 30000, fullJitter: false }),
  ).toEqual(readSettings({ preset: chat }));
  expect(readSettings({ preset: crm })).toMatchObject({
    maxReconnectAttempts: 10,
    baseDelay: 1_000,
    maxDelay: 30_000,
    jitterFactor: 0.3,
    heartbeatInterval: 30_000,
  });
});

it('without any, it never gives up', () => {
  expect(readSettings({})).toEqual(defaults);
  expect(defaults.maxReconnectAttempts).toBe(Number.POSITIVE_INFINITY);
});

it('a setting by itself goes before the older name of it, and both before the preset', () => {
  expect(readSettings({ preset: chat, reconnectDelay: 2_000 }).baseDelay).toBe(2_000);
  expect(readSettings({ preset: chat, reconnectDelay: 2_000, baseDelay: 3_000 }).baseDelay).toBe(3_000);
});

it('a value that makes no sense is named', () => {
  expect(() => readSettings({ maxDelay: -1 })).toThrow("maxDelay can't be -1");
  expect(() => readSettings({ baseDelay: '1s' as unknown as number })).toThrow("baseDelay can't be 1s");
});
