import { readSettings, SettingsError } from '@trunkline/service-kit';
import { describe, expect, it } from 'vitest';
import { createWebhookKeys } from './webhook-keys.ts';
import { webhookSettings } from './webhook-settings.ts';

const old = `2025:${'o'.repeat(32)}`;
const fresh = `2026-a:${'f'.repeat(48)}`;

function problemOf(env: Record<string, string>): unknown {
  try {
    return readSettings({ webhooks: webhookSettings }, env);
  } catch (error) {
    return error;
  }
}

describe('a sealed secret', () => {
  it('opens again, never looks the same twice, and does not show what it holds', () => {
    const keys = createWebhookKeys(old);
    const [one, other] = [keys.seal('whsec_a', 'e1'), keys.seal('whsec_a', 'e1')];
    expect([keys.open(one, 'e1'), keys.open(other, 'e1')]).toEqual(['whsec_a', 'whsec_a']);
    expect(one).not.toBe(other);
    expect(Buffer.from(one.split('.')[2] ?? '', 'base64url').includes('whsec_a')).toBe(false);
  });

  it('opens for the endpoint only to which it belongs, and only as it was', () => {
    const keys = createWebhookKeys(old);
    const sealed = keys.seal('whsec_a', 'e1');
    expect(() => keys.open(sealed, 'e2')).toThrow('unable to authenticate');
    const last = sealed.at(-1) === 'A' ? 'B' : 'A';
    expect(() => keys.open(`${sealed.slice(0, -5)}${last}${sealed.slice(-4)}`, 'e1')).toThrow(
      'unable to authenticate',
    );
  });

  it('still opens behind a new key, which seals from then on', () => {
    const sealed = createWebhookKeys(old).seal('whsec_a', 'e1');
    const both = createWebhookKeys(`${fresh}, ${old}`);
    expect(both.open(sealed, 'e1')).toBe('whsec_a');
    expect(both.seal('whsec_b', 'e1')).toMatch(/^v1\.2026-a\./);
    expect(() => createWebhookKeys(fresh).open(sealed, 'e1')).toThrow('"2025"');
  });

  it('does not open under another secret of the same name', () => {
    const sealed = createWebhookKeys(old).seal('whsec_a', 'e1');
    expect(() => createWebhookKeys(`2025:${'x'.repeat(32)}`).open(sealed, 'e1')).toThrow(
      'unable to authenticate',
    );
  });
});

describe('TRUNKLINE_WEBHOOK_KEY', () => {
  it.each(['short', 'name:short', `:${'a'.repeat(32)}`, `a b:${'a'.repeat(32)}`, `${old},`])(
    'refuses %j, without showing it, and says how it looks',
    (value) => {
      const problem = problemOf({ TRUNKLINE_WEBHOOK_KEY: value });
      expect(problem).toBeInstanceOf(SettingsError);
      expect(String(problem)).toMatch(/TRUNKLINE_WEBHOOK_KEY .* \(example: TRUNKLINE_WEBHOOK_KEY=2026a:/);
      expect(String(problem)).not.toContain(value);
    },
  );

  it('may be left out by whoever only reads', () => {
    expect(readSettings({ webhooks: webhookSettings }, {}).webhooks.keys).toBeUndefined();
  });

  it('stands beside settings of where webhooks may go', () => {
    const { webhooks } = readSettings(
      { webhooks: webhookSettings },
      { TRUNKLINE_WEBHOOK_KEY: old, TRUNKLINE_WEBHOOK_PORTS: '443, 9443' },
    );
    expect(webhooks).toMatchObject({ private: 'refuse', ports: [443, 9443] });
    expect(webhooks.keys?.open(webhooks.keys.seal('a', 'e'), 'e')).toBe('a');
    const any = readSettings({ webhooks: webhookSettings }, { TRUNKLINE_WEBHOOK_PORTS: 'any' });
    expect(any.webhooks.ports).toBe('any');
  });
});
