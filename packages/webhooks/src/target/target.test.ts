import { describe, expect, it } from 'vitest';
import { checkUrl } from './check-url.ts';
import { isPublicAddress } from './public-address.ts';
import { resolveTarget } from './resolve-target.ts';
import type { TargetPolicy } from './target-policy.ts';

const strict: TargetPolicy = { privateAllowed: false, ports: [443, 8443] };
const open: TargetPolicy = { privateAllowed: true, ports: 'any' };

const forbidden = [
  ['this network', '0.0.0.0'],
  ['loopback', '127.0.0.1'],
  ['loopback, elsewhere', '127.9.9.9'],
  ['private', '10.1.2.3'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['carrier NAT', '100.64.0.1'],
  ['carrier NAT, and a metadata service', '100.100.100.200'],
  ['link-local, and the metadata services', '169.254.169.254'],
  ['protocol assignments, and a metadata service', '192.0.0.192'],
  ['documentation', '192.0.2.1'],
  ['6to4 relays', '192.88.99.1'],
  ['benchmarks', '198.19.255.255'],
  ['documentation', '203.0.113.9'],
  ['multicast', '224.0.0.1'],
  ['multicast', '239.255.255.250'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['IPv4-compatible loopback', '::127.0.0.1'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['mapped private, in hexadecimal', '::ffff:a00:1'],
  ['mapped metadata', '::ffff:169.254.169.254'],
  ['NAT64 of private', '64:ff9b::10.0.0.1'],
  ['NAT64 for local use', '64:ff9b:1::1'],
  ['6to4 of private', '2002:a00:1::1'],
  ['6to4 of loopback', '2002:7f00:1::'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['discard', '100::1'],
  ['unique local', 'fc00::1'],
  ['unique local, and a metadata service', 'fd00:ec2::254'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['global with a zone', '2606:4700::1111%eth0'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['no address', 'localhost'],
  ['no address', ''],
] as const;

const allowed = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
  '2002:101:101::1',
];

describe('addresses that are not of the public internet', () => {
  it.each(forbidden)('%s: %s', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(allowed)('but %s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('the address of a webhook', () => {
  it.each([
    ['http', 'http://example.com/', 'must begin with https://'],
    ['another protocol', 'ftp://example.com/', 'must begin with https://'],
    ['nothing', '', 'is no URL'],
    ['a path', '/hook', 'is no URL'],
    ['too long a text', `https://example.com/${'a'.repeat(2_000)}`, 'is no URL'],
    ['a user', 'https://ada@example.com/', 'must not hold a user or password'],
    ['a password', 'https://:secret@example.com/', 'must not hold a user or password'],
    ['a user before a deceiving host', 'https://example.com@127.0.0.1/', 'must not hold a user'],
    ['a fragment', 'https://example.com/#a', 'must not have a fragment'],
    ['a port of something else', 'https://example.com:6379/', 'must use one of the ports 443, 8443'],
    ['loopback', 'https://127.0.0.1/', 'not of the public internet'],
    ['loopback in one number', 'https://2130706433/', 'not of the public internet'],
    ['loopback in octal', 'https://0177.0.0.1/', 'not of the public internet'],
    ['loopback in hexadecimal', 'https://0x7f.1/', 'not of the public internet'],
    ['loopback cut short', 'https://127.1/', 'not of the public internet'],
    ['loopback in wide letters', 'https://１２７.0.0.1/', 'not of the public internet'],
    ['IPv6 loopback', 'https://[::1]/', 'not of the public internet'],
    ['mapped metadata', 'https://[::ffff:169.254.169.254]/', 'not of the public internet'],
    ['metadata', 'https://169.254.169.254/latest/meta-data/', 'not of the public internet'],
  ])('is refused: %s', (_what, url, problem) => {
    expect(() => checkUrl(url, strict)).toThrow(problem);
  });

  it.each([
    'https://example.com/hook?a=b',
    'https://example.com:8443/',
    'https://1.1.1.1/',
    'https://bücher.example/',
  ])('is taken: %s', (url) => {
    expect(checkUrl(url, strict).href).toBe(new URL(url).href);
  });

  it('may be anything where private addresses are allowed, but for a user', () => {
    expect(checkUrl('http://127.0.0.1:3000/hook', open).port).toBe('3000');
    expect(() => checkUrl('http://ada@127.0.0.1/', open)).toThrow('must not hold a user');
  });
});

describe('what is behind a name', () => {
  const behind = (...addresses: readonly string[]) => {
    const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    return resolveTarget(new URL('https://hook.example/'), strict, async () => answers);
  };

  it('is refused where any of its addresses is forbidden', async () => {
    await expect(behind('1.1.1.1', '10.0.0.1')).rejects.toThrow('not of the public internet');
    await expect(behind('::1')).rejects.toThrow('not of the public internet');
    await expect(behind()).rejects.toThrow('has no address');
  });

  it('is what is connected to, a few of them', async () => {
    expect(await behind('1.1.1.1', '2606:4700::1111')).toEqual([
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
    expect(await behind('1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5')).toHaveLength(4);
  });

  it('is never asked of an address, which is judged as it stands', async () => {
    const never = () => Promise.reject(new Error('asked'));
    await expect(resolveTarget(new URL('https://[::1]/'), strict, never)).rejects.toThrow(
      'not of the public',
    );
    expect(await resolveTarget(new URL('https://[2606:4700::1111]/'), strict, never)).toEqual([
      { address: '2606:4700::1111', family: 6 },
    ]);
  });
});
