import { AccessError } from './access-error.ts';

/** The token of an `Authorization: Bearer …` header. */
export function bearerToken(header: string | undefined): string {
  if (header === undefined || header.trim() === '')
    throw new AccessError('missing', 'Send an access token as "Authorization: Bearer <token>"');
  const [, token] = /^Bearer +([\w.~+/=-]+) *$/i.exec(header) ?? [];
  if (token !== undefined) return token;
  throw new AccessError('malformed', 'The Authorization header must be "Bearer <token>"');
}
