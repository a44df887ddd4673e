import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from './redis-target.ts';
import { REDIS_URL_EXAMPLES } from './redis-url-examples.ts';

describe('one server', () => {
  test.each([
    ['redis://localhost', { host: 'localhost', port: 6379, database: 0, tls: false }],
    ['redis://localhost:6380/3', { host: 'localhost', port: 6380, database: 3, tls: false }],
    ['redis://:pw@10.0.0.7/', { host: '10.0.0.7', port: 6379, database: 0, tls: false, password: 'pw' }],
    [
      'rediss://u:p%40w@redis.example.com:6380',
      { host: 'redis.example.com', port: 6380, database: 0, tls: true, username: 'u', password: 'p@w' },
    ],
    ['redis://[::1]:6379', { host: '::1', port: 6379, database: 0, tls: false }],
  ])('%s', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual({ kind: 'standalone', ...expected });
  });
});

describe('a cluster', () => {
  test.each([
    [
      'redis+cluster://a:1,b:2',
      {
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        tls: false,
      },
    ],
    ['redis+cluster://one', { nodes: [{ host: 'one', port: 6379 }], tls: false }],
    [
      'rediss+cluster://:pw@a,[fd00::1]:7000/0',
      {
        nodes: [
          { host: 'a', port: 6379 },
          { host: 'fd00::1', port: 7000 },
        ],
        tls: true,
        password: 'pw',
      },
    ],
  ])('%s', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual({ kind: 'cluster', ...expected });
  });
});

describe('sentinels', () => {
  test.each([
    [
      'redis+sentinel://:pw@a,b:26380/mymaster',
      {
        sentinels: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
        ],
        name: 'mymaster',
        database: 0,
        tls: false,
        password: 'pw',
      },
    ],
    [
      'rediss+sentinel://a/main%20one/2',
      { sentinels: [{ host: 'a', port: 26_379 }], name: 'main one', database: 2, tls: true },
    ],
  ])('%s', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual({ kind: 'sentinel', ...expected });
  });
});

describe('what is refused says why', () => {
  test.each([
    ['localhost:6379', 'must begin with redis://'],
    ['http://localhost', 'must begin with redis://'],
    ['redis://', 'is incomplete'],
    ['redis://a:1,b:2', 'begin it with redis+cluster:// or redis+sentinel://'],
    ['redis+sentinel://a', 'must end with the name that the sentinels know'],
    ['redis+sentinel://a/', 'must end with the name that the sentinels know'],
    ['redis+sentinel://a/name/0/1', 'must end with the name that the sentinels know'],
    ['redis+sentinel://a/name/x', 'not the number of a database'],
    ['redis+cluster://a:1/3', 'has only number 0'],
    ['redis://host:70000', 'ports go from 1 to 65535'],
    ['redis://host:port', 'an address that is not host or host:port'],
    ['redis://host/db', 'not the number of a database'],
    ['redis://host?family=6', 'takes no query'],
    ['redis://:p%zz@host', 'write % as %25'],
    ['redis://:p@ss@host', 'write @ as %40'],
    ['redis://:p?ss@host', 'write ? as %3F'],
    ['redis://:p/ss@host', 'write / as %2F'],
  ])('%s', (url, problem) => {
    expect(() => parseRedisUrl(url)).toThrow(problem);
  });
});

test('any user and password survive percent-encoding', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(text, text, (username, password) => {
      const url = `redis://${encodeURIComponent(username)}:${encodeURIComponent(password)}@host`;
      expect(parseRedisUrl(url)).toMatchObject({ username, password, host: 'host' });
    }),
  );
});

test('an error never repeats the password', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z0-9]{8,20}$/),
      fc.constantFrom('@', '?', '#', ' ', '/'),
      (secret, bad) => {
        expect(() => parseRedisUrl(`redis://:${secret}${bad}x@host:x`)).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining(secret) }),
        );
      },
    ),
  );
});

test('the examples in the error are valid', () => {
  expect(REDIS_URL_EXAMPLES.map((url) => parseRedisUrl(url).kind)).toEqual([
    'standalone',
    'standalone',
    'cluster',
    'sentinel',
  ]);
});
