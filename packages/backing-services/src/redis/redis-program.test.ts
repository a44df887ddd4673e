import { describe, expect, it } from 'vitest';
import { readRedisVersion, redisEnvironment } from './redis-program.ts';

const told = (text: string) => readRedisVersion('/usr/bin/redis-server', text);

describe('readRedisVersion', () => {
  it.each([
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0', { product: 'Redis', version: '7.0.15' }],
    ['Redis server v=8.2.1 sha=00000000:0', { product: 'Redis', version: '8.2.1' }],
    ['Redis server v=10.0.0 sha=00000000:0', { product: 'Redis', version: '10.0.0' }],
    ['Valkey server v=7.2.9 sha=00000000:0', { product: 'Valkey', version: '7.2.9' }],
  ])('%s will do', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it.each([
    ['Redis server v=6.2.14 sha=00000000:0', /is Redis 6\.2, and 7\.0 or newer is needed/],
    ['Valkey server v=7.1.0 sha=00000000:0', /is Valkey 7\.1, and 7\.2 or newer is needed/],
    ['KeyDB', /does not tell its version: KeyDB/],
  ])('%s will not', (text, reason) => {
    expect(told(text)).toMatch(reason);
  });
});

describe('redisEnvironment', () => {
  it('puts unpacked libraries first, and leaves all else alone', () => {
    expect(redisEnvironment({})).toBe(process.env);
    const path = redisEnvironment({ libraryPath: '/cache/lib' })['LD_LIBRARY_PATH'];
    expect(path?.split(':')[0]).toBe('/cache/lib');
  });
});
