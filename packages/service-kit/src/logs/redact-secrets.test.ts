import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactSecrets } from './redact-secrets.ts';

/** What a password may be made of when somebody pastes it raw into a URL or a pair, and is found for sure. */
const secret = fc.string({
  unit: fc.constantFrom(...'abcXYZ0189!$*+_~^%=.-'.split('')),
  minLength: 8,
  maxLength: 24,
});
const prose = fc.constantFrom('', 'could not connect to ', 'retrying\n', 'tried ', '(', '{"url":"');
const rest = fc.constantFrom(
  '',
  ' after 3 attempts',
  '\n    at connect (file:///srv/app.ts:3:4)',
  '")',
  '"}',
);

describe('credentials in URLs', () => {
  test('the password goes, whoever the user and whatever is around it', () => {
    const scheme = fc.constantFrom(
      'redis',
      'rediss',
      'redis+cluster',
      'postgresql',
      'postgres',
      'https',
      'amqp',
    );
    const user = fc.constantFrom('', 'trunkline', 'default');
    fc.assert(
      fc.property(prose, scheme, user, secret, rest, (before, scheme, user, secret, after) => {
        const redacted = redactSecrets(`${before}${scheme}://${user}:${secret}@host:6379/0${after}`);
        const name = user === '' ? '' : `${user}:`;
        expect(redacted).toBe(`${before}${scheme}://${name}[redacted]@host:6379/0${after}`);
      }),
    );
  });

  test('a raw @, /, ? or # in the password of a store reveals no part of it', () => {
    for (const password of ['p@ss', 'pa/ss', 'pa?ss', 'pa#ss', 'p@/?#s']) {
      expect(redactSecrets(`postgresql://trunkline:${password}@host/db`)).toBe(
        'postgresql://trunkline:[redacted]@host/db',
      );
    }
  });

  test('a token in the place of a user goes too', () => {
    expect(redactSecrets('https://ghp_abcdef@example.com/x')).toBe('https://[redacted]@example.com/x');
  });

  test.each([
    'file:///srv/node_modules/@opentelemetry/api/index.js:3:4',
    'https://example.com/@scope/package',
    'redis://localhost:6379',
    'ws://127.0.0.1:8080/socket',
  ])('%s holds none and stays', (url) => {
    expect(redactSecrets(url)).toBe(url);
  });
});

describe('named secrets', () => {
  const name = fc.constantFrom(
    'password',
    'PASSWORD',
    'access_token',
    'apiKey',
    'client_secret',
    'pgPassword',
  );
  const form = fc.constantFrom(
    (name: string, secret: string) => `${name}=${secret}`,
    (name: string, secret: string) => `${name}: ${secret}`,
    (name: string, secret: string) => `${name}='${secret}'`,
    (name: string, secret: string) => `"${name}":"${secret}"`,
    (name: string, secret: string) => JSON.stringify(JSON.stringify({ [name]: secret })),
    (name: string, secret: string) => `GET /x?${name}=${secret}&page=2`,
  );

  test('the value goes, however the pair is written', () => {
    fc.assert(
      fc.property(prose, name, secret, form, rest, (before, name, secret, write, after) => {
        const redacted = redactSecrets(before + write(name, secret) + after);
        expect(redacted).not.toContain(secret);
        expect(redacted).toContain('[redacted]');
      }),
    );
  });

  test('a quoted value may have spaces', () => {
    expect(redactSecrets('password="open sesame please", user=x')).toBe('password=[redacted], user=x');
  });

  test.each([
    ['Authorization: Bearer abc.def-ghi', 'Authorization: [redacted]'],
    ['sent Bearer abcdefgh12345678 twice', 'sent Bearer [redacted] twice'],
    ['sent Basic dXNlcjpwYXNz', 'sent Basic [redacted]'],
    ['Set-Cookie: session=abc; Path=/', 'Set-Cookie: [redacted]'],
    ['bearer.eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln refused', 'bearer.[redacted] refused'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nnext', '[redacted]\nnext'],
  ])('%s', (given, expected) => {
    expect(redactSecrets(given)).toBe(expected);
  });
});

test('text without secrets stays as it is', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer(), fc.date({ noInvalidDate: true }), (uuid, number, date) => {
      const text = `shard 3 of ${uuid} took ${number} ms at ${date.toISOString()} (offset 1732147200000-0)`;
      expect(redactSecrets(text)).toBe(text);
    }),
  );
});

test('redacting again changes nothing', () => {
  fc.assert(
    fc.property(prose, secret, rest, (before, secret, after) => {
      const once = redactSecrets(
        `${before}redis://u:${secret}@h password=${secret} token: ${secret}${after}`,
      );
      expect(redactSecrets(once)).toBe(once);
    }),
  );
});
