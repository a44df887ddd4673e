import { tenantId, type TenantId } from '@trunkline/domain';
import type { JWTPayload } from 'jose';
import { AccessError } from './access-error.ts';
import type { Principal } from './principal.ts';
import { isRole, isScope, roleScopes, type Scope } from './scopes.ts';

/** Which claim says what. A name is looked up as it is, then as a path, such as `realm_access.roles`. */
export interface ClaimNames {
  readonly tenant: string;
  readonly user: string;
  readonly scopes: string;
  readonly roles: string;
}

/** Longer names are no names, and they end in logs, keys and audit rows. */
const userLengthMax = 200;
const tokenIdLengthMax = 300;

/** No name has them, no table takes NUL, and a line break could pass one name off as another where names are joined. */
const controls = /[\p{Cc}\p{Cs}]/u;

/** What a payload whose signature holds says about who it is. `lifeMsMax` bounds how long a revocation must be remembered. */
export function principalOf(payload: JWTPayload, names: ClaimNames, lifeMsMax: number, now: Date): Principal {
  const expiresAt = requiredTime(payload.exp, 'exp');
  if (expiresAt - now.getTime() > lifeMsMax) {
    throw new AccessError(
      'claims',
      `The token lives longer than ${lifeMsMax / 60_000} minutes; get a shorter one`,
    );
  }
  return {
    tenant: tenantOf(claim(payload, names.tenant), names.tenant),
    user: textOf(claim(payload, names.user), names.user, userLengthMax),
    scopes: new Set([
      ...scopesOf(claim(payload, names.scopes)),
      ...scopesOfRoles(claim(payload, names.roles)),
    ]),
    expiresAt,
    tokenId: payload.jti === undefined ? null : textOf(payload.jti, 'jti', tokenIdLengthMax),
    issuedAt: requiredTime(payload.iat, 'iat'),
  };
}

function claim(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name.split('.').reduce<unknown>(member, payload);
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

function requiredTime(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value * 1_000;
  throw new AccessError('claims', `The token has no claim ${name}`);
}

function textOf(value: unknown, name: string, lengthMax: number): string {
  const isText = typeof value === 'string' && value !== '' && value.length <= lengthMax;
  if (isText && !controls.test(value)) return value;
  throw new AccessError(
    'claims',
    `The token's claim ${name} must be a text of 1 to ${lengthMax} characters without control characters`,
  );
}

function tenantOf(value: unknown, name: string): TenantId {
  try {
    return tenantId(String(value).toLowerCase());
  } catch (error) {
    throw new AccessError('claims', `The token's claim ${name} must be the id of a tenant`, { cause: error });
  }
}

/** Unknown words are other systems' business: they are passed over, and allow nothing. */
const scopesOf = (value: unknown): Scope[] => wordsOf(value).filter(isScope);

const scopesOfRoles = (value: unknown): Scope[] =>
  wordsOf(value)
    .filter(isRole)
    .flatMap((role) => [...roleScopes[role]]);

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}
