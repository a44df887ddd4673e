import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newSecret, signatureHeaders, webhookIdOf } from './signature.ts';

const body = JSON.stringify({ type: 'call_update', data: { caller: 'Zoë ☎', revision: 3 } });
const signed = (secrets: readonly string[], at = new Date()) =>
  signatureHeaders({ id: 'msg_1', at, body, secrets });

describe('a signature', () => {
  it('is verified by the library of Standard Webhooks', () => {
    const secret = newSecret();
    expect(new Webhook(secret).verify(body, signed([secret]))).toEqual(JSON.parse(body));
  });

  it('is the one that this library makes', () => {
    const secret = newSecret();
    const at = new Date(1_700_000_000_987);
    expect(signed([secret], at)).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': new Webhook(secret).sign('msg_1', new Date(1_700_000_000_000), body),
    });
  });

  it('satisfies either secret while one takes the place of the other, and no third one', () => {
    const [old, fresh] = [newSecret(), newSecret()];
    const headers = signed([fresh, old]);
    for (const secret of [old, fresh]) new Webhook(secret).verify(body, headers);
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature');
  });

  it('covers the body, the id and the time', () => {
    const secret = newSecret();
    const headers = signed([secret]);
    const verify = (text: string, changed: Record<string, string>) => () =>
      new Webhook(secret).verify(text, { ...headers, ...changed });
    expect(verify(`${body} `, {})).toThrow('No matching signature');
    expect(verify(body, { 'webhook-id': 'msg_2' })).toThrow('No matching signature');
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(verify(body, { 'webhook-timestamp': later })).toThrow('No matching signature');
    expect(() => new Webhook(secret).verify(body, signed([secret], new Date(0)))).toThrow('too old');
  });
});

it('a webhook id is that of the delivery, the same at each attempt', () => {
  expect(webhookIdOf('0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f')).toBe('msg_0b0e1cf06f0a4d3c9a546b9d3a1c2e7f');
});
