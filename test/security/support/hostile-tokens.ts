import { createHmac, createPublicKey } from 'node:crypto';
import type { AccessProblem } from '@trunkline/access';
import { makeKey } from '@trunkline/access/testing';
import { tenants } from '@trunkline/api/testing';
import type { ProblemKind } from '@trunkline/realtime-protocol';
import type { SecurityLab } from './security-lab.ts';

export interface HostileToken {
  readonly forge: (lab: SecurityLab) => Promise<string>;
  /** What the API says of it. */
  readonly reason: AccessProblem;
  /** What push says of it; `auth_failed` unless given. */
  readonly kind?: ProblemKind;
}

const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const claimed = (
  claims: Record<string, unknown>,
  reason: AccessProblem,
  kind?: ProblemKind,
): HostileToken => ({
  forge: (lab) => lab.token(claims),
  reason,
  ...(kind !== undefined && { kind }),
});

/** The claims of an operator, which only a signature is missing from. */
const wanted = ({ issuer }: SecurityLab) => ({
  iss: issuer.url,
  aud: 'trunkline-test',
  sub: 'ana',
  tenant: tenants.acme,
  roles: ['operator', 'platform'],
  iat: soon(0),
  exp: soon(600),
});

const unsigned = (alg: string): HostileToken => ({
  forge: async (lab) => `${part({ alg, typ: 'JWT' })}.${part(wanted(lab))}.`,
  reason: 'algorithm',
});

/** Signed with a secret that everybody knows, such as the public key. */
const confused = (secretOf: (lab: SecurityLab) => string | Buffer): HostileToken => ({
  async forge(lab) {
    const text = `${part({ alg: 'HS256', kid: lab.issuer.key.kid })}.${part(wanted(lab))}`;
    return `${text}.${createHmac('sha256', secretOf(lab)).update(text).digest('base64url')}`;
  },
  reason: 'algorithm',
});

const publicKeyOf = ({ issuer }: SecurityLab) =>
  createPublicKey({ key: issuer.key.publicJwk, format: 'jwk' });

/** Signed by a key of the attacker's own, under a header that wants it believed. */
const foreign = (
  headerOf: (lab: SecurityLab, own: Awaited<ReturnType<typeof makeKey>>) => Record<string, unknown>,
  reason: AccessProblem = 'signature',
): HostileToken => ({
  async forge(lab) {
    const key = await makeKey();
    return lab.issuer.token(wanted(lab), { key, header: headerOf(lab, key) });
  },
  reason,
});

/** A good token that was changed afterwards. */
const changed = (
  change: (head: string, body: string, signature: string, lab: SecurityLab) => string,
  reason: AccessProblem = 'signature',
): HostileToken => ({
  async forge(lab) {
    const [head = '', body = '', signature = ''] = (await lab.token()).split('.');
    return change(head, body, signature, lab);
  },
  reason,
});

export const hostileTokens: Readonly<Record<string, HostileToken>> = {
  'with alg none': unsigned('none'),
  'with alg None': unsigned('None'),
  'with alg NONE': unsigned('NONE'),
  'with an empty alg': { ...unsigned(''), reason: 'malformed' },
  'signed with the public key as a secret (PEM)': confused((lab) =>
    publicKeyOf(lab).export({ type: 'spki', format: 'pem' }),
  ),
  'signed with the public key as a secret (DER)': confused((lab) =>
    publicKeyOf(lab).export({ type: 'spki', format: 'der' }),
  ),
  'signed with the public key as a secret (JWK)': confused(({ issuer }) =>
    JSON.stringify(issuer.key.publicJwk),
  ),
  'signed with an empty secret': confused(() => ''),
  'signed by a foreign key': foreign((_lab, { kid }) => ({ kid })),
  'signed by a foreign key under a published kid': foreign(({ issuer }) => ({ kid: issuer.key.kid })),
  'signed by a foreign key without a kid': foreign(() => ({ kid: undefined })),
  'that brings its own key': foreign((_lab, { publicJwk }) => ({ jwk: publicJwk })),
  'that says where its key is': foreign((lab) => ({ jku: `${lab.api.api.url}/openapi.json`, kid: 'there' })),
  'whose kid is a path': foreign(() => ({ kid: '../../../../dev/null' })),
  'whose kid is SQL': foreign(() => ({ kid: `' union select 'secret` })),
  'whose kid is a word of JavaScript': foreign(() => ({ kid: '__proto__' })),
  'whose claims were changed': changed(
    (head, _body, signature, lab) => `${head}.${part(wanted(lab))}.${signature}`,
  ),
  'whose signature was cut off': changed((head, body) => `${head}.${body}.`),
  'whose signature is cut short': changed(
    (head, body, signature) => `${head}.${body}.${signature.slice(0, 20)}`,
  ),
  'whose signature is all zeros': changed(
    (head, body) => `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
  ),
  'whose header was changed to none': changed(
    (_head, body, signature) => `${part({ alg: 'none' })}.${body}.${signature}`,
    'algorithm',
  ),
  'with five parts': changed((head, body, signature) => `${head}.${body}.${signature}.a.b`, 'malformed'),
  'of one part': changed((head) => head, 'malformed'),
  'that is no JSON': changed((_head, body, signature) => `bm9uc2Vuc2U.${body}.${signature}`, 'malformed'),
  'that is too long': changed(
    (head, body, signature) => `${head}.${body}${'A'.repeat(9_000)}.${signature}`,
    'malformed',
  ),
  'of another issuer': claimed({ iss: 'https://elsewhere.example' }, 'issuer'),
  'of nearly our issuer': { forge: (lab) => lab.token({ iss: `${lab.issuer.url}/` }), reason: 'issuer' },
  'of no issuer': claimed({ iss: undefined }, 'issuer'),
  'for another audience': claimed({ aud: 'elsewhere' }, 'audience'),
  'for nobody': claimed({ aud: undefined }, 'audience'),
  'that has expired': claimed({ iat: soon(-900), exp: soon(-60) }, 'expired', 'auth_expired'),
  'that is not valid yet': claimed({ nbf: soon(3_600) }, 'not_yet'),
  'that lives too long': claimed({ exp: soon(2 * 86_400) }, 'claims'),
  'that lives for ever': claimed({ exp: undefined }, 'claims'),
  'that expires at a text': claimed({ exp: '9999999999' }, 'claims'),
  'that was never made': claimed({ iat: undefined }, 'claims'),
  'of no tenant': claimed({ tenant: undefined }, 'claims'),
  'of every tenant': claimed({ tenant: '*' }, 'claims'),
  'of a tenant and SQL': claimed({ tenant: `${tenants.acme}' or true --` }, 'claims'),
  'of nobody': claimed({ sub: undefined }, 'claims'),
  'of somebody without a name': claimed({ sub: '' }, 'claims'),
  'of somebody with too long a name': claimed({ sub: 'x'.repeat(201) }, 'claims'),
  'of somebody with a line break in the name': claimed({ sub: 'ana\nbob' }, 'claims'),
  'of somebody with a NUL in the name': claimed({ sub: 'ana\u0000' }, 'claims'),
  'that was revoked by its id': {
    async forge(lab) {
      const token = await lab.token({ jti: 'revoked' });
      await lab.revoke({ tokenId: 'revoked' });
      return token;
    },
    reason: 'revoked',
    kind: 'auth_revoked',
  },
  'of a user whose tokens were revoked': {
    async forge(lab) {
      const token = await lab.token({ sub: 'gone', iat: soon(-5) });
      await lab.revoke({ user: 'gone' });
      return token;
    },
    reason: 'revoked',
    kind: 'auth_revoked',
  },
};
