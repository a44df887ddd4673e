import { bearerPrefix } from '@trunkline/realtime-protocol';

/**
 * Whom a token speaks for, so that tabs of different people never share a socket. It is read, not checked: checking is the
 * server's. Null where it can't be read; then nothing is shared.
 */
export function principalOf(protocols: readonly string[]): string | null {
  const bearer = protocols.find((one) => one.startsWith(bearerPrefix));
  const [, payload] = bearer?.slice(bearerPrefix.length).split('.') ?? [];
  if (payload === undefined) return null;
  try {
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<
      string,
      unknown
    >;
    // What changes from token to token of the same person is left out; all else may tell people apart.
    const { iat, nbf, exp, jti, auth_time, ...rest } = claims;
    void [iat, nbf, exp, jti, auth_time];
    return JSON.stringify(rest);
  } catch {
    return null;
  }
}
