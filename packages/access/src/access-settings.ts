import { duration, setting, text, type Settings, type TextSchema } from '@trunkline/service-kit';
import * as v from 'valibot';
import type { TokenVerifierOptions } from './create-token-verifier.ts';

/** Keys that come over plain HTTP are whatever somebody on the way says they are. On one machine nobody is on the way. */
const trustedUrl: TextSchema<string> = v.pipe(
  v.string(),
  v.trim(),
  v.description('a URL https://…, or http:// on this machine'),
  v.check(isTrusted, 'must be a URL https://…, or http:// on this machine'),
);

function isTrusted(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

const claim = (part: string, variable: string, value: string, because: string, explain: string) =>
  setting({
    variable: `TRUNKLINE_TOKEN_${variable}_CLAIM`,
    schema: text({ max: 200 }),
    default: { value, because },
    explain: `${explain} Nested claims are reached with dots, such as realm_access.${part}.`,
    example: value,
  });

/** For services that people or programs speak to with an access token. */
export const accessSettings = {
  issuer: setting({
    variable: 'TRUNKLINE_TOKEN_ISSUER',
    schema: trustedUrl,
    explain:
      'The OpenID Connect provider whose access tokens are accepted, exactly as its tokens name it (iss).',
    example: 'https://login.example.com/realms/acme',
  }),
  audience: setting({
    variable: 'TRUNKLINE_TOKEN_AUDIENCE',
    schema: text({ max: 200 }),
    default: { value: 'trunkline', because: 'a token for another service must not open this one' },
    explain: 'What tokens for us name as their audience (aud).',
    example: 'https://trunkline.example.com',
  }),
  jwksUri: setting({
    variable: 'TRUNKLINE_TOKEN_JWKS',
    schema: trustedUrl,
    optional: true,
    explain: "Where the issuer's public keys are; found by OpenID Connect discovery when it isn't set.",
    example: 'https://login.example.com/realms/acme/protocol/openid-connect/certs',
  }),
  lifeMsMax: setting({
    variable: 'TRUNKLINE_TOKEN_LIFE_MAX',
    schema: duration({ min: '1m', max: '30d' }),
    default: { value: '1d', because: 'a revocation is remembered for so long' },
    explain: 'Access tokens that live longer are refused.',
    example: '1h',
  }),
  tenantClaim: claim(
    'tenant',
    'TENANT',
    'tenant',
    'it says what it is',
    'Which claim holds the id of the tenant.',
  ),
  userClaim: claim('user', 'USER', 'sub', 'every issuer has it', 'Which claim names the user.'),
  scopesClaim: claim(
    'scopes',
    'SCOPES',
    'scope',
    'OAuth calls it so',
    'Which claim holds the scopes: a list, or words separated by blanks.',
  ),
  rolesClaim: claim(
    'roles',
    'ROLES',
    'roles',
    'most issuers call it so',
    'Which claim holds the roles agent, supervisor, operator and platform.',
  ),
};

export type AccessSettings = Settings<{ tokens: typeof accessSettings }>['tokens'];

/** The settings as the verifier takes them. */
export const verifierOptionsOf = (settings: AccessSettings): TokenVerifierOptions => ({
  issuer: settings.issuer,
  audience: settings.audience,
  jwksUri: settings.jwksUri,
  lifeMsMax: settings.lifeMsMax,
  claims: {
    tenant: settings.tenantClaim,
    user: settings.userClaim,
    scopes: settings.scopesClaim,
    roles: settings.rolesClaim,
  },
});
