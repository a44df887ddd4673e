import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { ServerTask } from '../serve.ts';

/** What every contender does before it lets somebody in: the signature, issuer and audience of the token. */
export function createTokenCheck({ issuer, audience }: ServerTask): (token: string) => Promise<string> {
  const keys = createRemoteJWKSet(new URL('/jwks', issuer));
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ['ES256'] });
    return payload.sub ?? '';
  };
}
