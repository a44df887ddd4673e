import { readSettings } from '@trunkline/service-kit';
import { describe, expect, it } from 'vitest';
import { accessSettings, bearerToken, verifierOptionsOf } from './index.ts';

const read = (env: Record<string, string>) =>
  verifierOptionsOf(readSettings({ tokens: accessSettings }, env).tokens);

describe('the settings', () => {
  it('have defaults for all but the issuer', () => {
    expect(read({ TRUNKLINE_TOKEN_ISSUER: 'https://login.example' })).toEqual({
      issuer: 'https://login.example',
      audience: 'trunkline',
      jwksUri: undefined,
      lifeMsMax: 86_400_000,
      claims: { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' },
    });
    expect(() => read({})).toThrow(/TRUNKLINE_TOKEN_ISSUER is not set/);
  });

  it('take keys over plain HTTP from this machine only', () => {
    expect(read({ TRUNKLINE_TOKEN_ISSUER: 'http://127.0.0.1:4000' }).issuer).toBe('http://127.0.0.1:4000');
    for (const url of [
      'http://login.example',
      'login.example',
      'https://a:b@login.example',
      'ftp://localhost',
    ]) {
      expect(() => read({ TRUNKLINE_TOKEN_ISSUER: url })).toThrow(
        /TRUNKLINE_TOKEN_ISSUER must be a URL https/,
      );
    }
  });
});

describe('the header', () => {
  it('is read as the standard says', () => {
    expect(bearerToken('Bearer a.b.c')).toBe('a.b.c');
    expect(bearerToken('bearer  a.b-_c== ')).toBe('a.b-_c==');
  });

  it.each([undefined, '', ' ', 'Bearer', 'Bearer ', 'Basic YQ==', 'Bearer a b', 'Bearer ä'])(
    '%j is none',
    (header) => {
      expect(() => bearerToken(header)).toThrow(/Bearer <token>/);
    },
  );
});
