import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { AccessError } from './access-error.ts';
import { principalOf, type ClaimNames } from './claims.ts';
import { accessErrorOf } from './explain-refusal.ts';
import { createKeySource, type KeySourceTuning } from './key-source.ts';
import type { Principal } from './principal.ts';
import type { Revocations } from './revocations.ts';

export interface TokenVerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are; found by discovery when it isn't said. */
  readonly jwksUri?: string | undefined;
  readonly claims: ClaimNames;
  /** Tokens that live longer are refused, since a revocation is remembered for so long. */
  readonly lifeMsMax: number;
  /** Asked about each token that is otherwise good. */
  readonly revocations?: Pick<Revocations, 'isRevoked'>;
  readonly tuning?: Partial<KeySourceTuning>;
  readonly now?: () => Date;
}

export interface TokenVerifier {
  /** Who brought this token, or an AccessError. */
  verify(token: string | undefined): Promise<Principal>;
}

/**
 * Public keys only. With a shared secret among the algorithms, whoever knows the public key could sign with it; and "none"
 * is no signature.
 */
const algorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

const clockToleranceSeconds = 5;

/** A token travels in a header or a first frame; longer ones are no tokens. */
const tokenLettersMax = 8_192;

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuer, audience, claims, lifeMsMax, revocations, now = () => new Date() } = options;
  const keys = createKeySource(options);

  return {
    async verify(token) {
      if (token === undefined || token === '') throw new AccessError('missing', 'An access token is needed');
      if (token.length > tokenLettersMax) throw new AccessError('malformed', 'The access token is too long');
      const at = now();
      const payload = await verified(token, keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'iat'],
        currentDate: at,
      });
      const principal = principalOf(payload, claims, lifeMsMax, at);
      if (revocations !== undefined) await refuseRevoked(revocations, principal);
      return principal;
    },
  };
}

type Demands = NonNullable<Parameters<typeof jwtVerify>[2]>;

async function verified(token: string, keys: JWTVerifyGetKey, demands: Demands): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, demands)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifiedByAny(token, error, demands);
    throw accessErrorOf(error);
  }
}

/** The token doesn't name its key and several could be it: each is tried. */
async function verifiedByAny(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  demands: Demands,
): Promise<JWTPayload> {
  let refusal: unknown = new errors.JWSSignatureVerificationFailed();
  for await (const key of candidates) {
    try {
      return (await jwtVerify(token, key, demands)).payload;
    } catch (error) {
      refusal = error;
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw accessErrorOf(refusal);
}

async function refuseRevoked(
  revocations: Pick<Revocations, 'isRevoked'>,
  principal: Principal,
): Promise<void> {
  let revoked: boolean;
  try {
    revoked = await revocations.isRevoked(principal);
  } catch (error) {
    // Whoever was shut out must not come in again because a store is away.
    throw new AccessError('unavailable', 'Whether the token was revoked can’t be found out just now', {
      cause: error,
    });
  }
  if (revoked) throw new AccessError('revoked', 'The access token was revoked; sign in again');
}
