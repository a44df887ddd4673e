import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { readAddress } from './read-address.ts';
import { readOptions } from './read-options.ts';
import { readTrust, writeTrust } from './read-trust.ts';
import { readVendor } from './read-vendor.ts';

it('knows its vendors and names them to whoever asks for another', () => {
  expect(readVendor('yeastar')).toBe('yeastar');
  expect(() => readVendor('3cx')).toThrow('no adapter for "3cx": one of yeastar, asterisk-ari, asterisk-ami');
});

describe('an address', () => {
  it.each([
    ['yeastar', 'https://pbx.example.com:8088'],
    ['yeastar', 'http://10.0.0.5'],
    ['asterisk-ari', 'https://pbx.example.com:8089/asterisk'],
    ['asterisk-ami', ' tls://[::1]:5039 '],
    ['asterisk-ami', 'tcp://pbx'],
  ] as const)('of %s may be %s', (vendor, text) => {
    expect(readAddress(vendor, text)).toBeInstanceOf(URL);
  });

  it.each([
    ['yeastar', 'pbx.example.com', /not a URL/],
    ['yeastar', 'tls://pbx:1', /starts with tls:\/\/, which is none of https:\/\/, http:\/\//],
    ['asterisk-ami', 'https://pbx', /An example for asterisk-ami: tls:\/\/pbx\.example\.com:5039/],
    ['yeastar', 'https://u:p@pbx', /user or a password/],
    ['yeastar', 'https://pbx/?token=1', /query/],
    ['yeastar', 'https://pbx/openapi', /path/],
  ] as const)('of %s may not be %s', (vendor, text, problem) => {
    expect(() => readAddress(vendor, text)).toThrow(problem);
  });
});

describe('trust', () => {
  const hex = 'AB'.repeat(32);

  it('is the public authorities, a fingerprint in any spelling, or an authority', async () => {
    const { cert } = await generate([{ name: 'commonName', value: 'pbx' }], { keySize: 2048 });
    expect(readTrust('public')).toEqual({ kind: 'public' });
    expect(readTrust(`SHA256:${hex.replace(/..(?=.)/g, '$&:')}`)).toEqual({
      kind: 'fingerprint',
      sha256: hex.toLowerCase(),
    });
    expect(readTrust(cert)).toMatchObject({ kind: 'authority' });
    for (const text of ['public', `sha256:${hex}`, cert])
      expect(readTrust(writeTrust(readTrust(text)))).toEqual(readTrust(text));
  });

  it.each([
    ['any', /neither/],
    ['sha256:abc', /64 hexadecimal digits/],
    ['-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----', /not valid PEM/],
  ])('is not %j', (text, problem) => {
    expect(() => readTrust(text)).toThrow(problem);
  });
});

describe('options', () => {
  it('are few and checked', () => {
    expect(readOptions({})).toEqual({});
    expect(readOptions({ application: 'trunkline', extensionPattern: '^PJSIP/(\\d+)' })).toEqual({
      application: 'trunkline',
      extensionPattern: '^PJSIP/(\\d+)',
    });
  });

  it.each([
    [{ colour: 'red' }, /The option colour is not usable.*Known are application/],
    [{ extensionPattern: '(' }, /exactly one group/],
    [{ trunkPattern: 'no group' }, /exactly one group/],
    [{ context: 'a b' }, /must be a word/],
    [{ recordingPattern: 'recording.wav' }, /must name the recorded channel by one of {uniqueid}/],
    [{ recordingPattern: '{uniqueid}-{day}.wav' }, /must name the recorded channel by one of {uniqueid}/],
    ['text', /The option options is not usable/],
  ])('are not %j', (options, problem) => {
    expect(() => readOptions(options)).toThrow(problem);
  });
});
