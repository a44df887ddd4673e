import { errors } from 'jose';
import { AccessError, type AccessProblem } from './access-error.ts';

/** What jose says, in our words. Whatever is no verdict on the token means that there was none. */
export function accessErrorOf(error: unknown): AccessError {
  const [kind, message] = refusalOf(error);
  return new AccessError(kind, message, { cause: error });
}

function refusalOf(error: unknown): readonly [AccessProblem, string] {
  if (error instanceof errors.JWTExpired) return ['expired', 'The access token has expired; get a new one'];
  if (error instanceof errors.JWTClaimValidationFailed) return refusalOfClaim(error.claim);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return ['algorithm', 'The access token is not signed with an allowed algorithm'];
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return ['signature', 'The signature of the access token is wrong'];
  if (error instanceof errors.JWKSNoMatchingKey)
    return ['signature', 'The access token is signed with a key that its issuer does not publish'];
  if (error instanceof errors.JOSENotSupported)
    return ['algorithm', 'The access token is signed or packed in a way that is not supported'];
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return ['malformed', 'What was sent is not an access token'];
  return ['unavailable', "The issuer's keys can't be fetched just now; try again soon"];
}

function refusalOfClaim(claim: string): readonly [AccessProblem, string] {
  switch (claim) {
    case 'iss':
      return ['issuer', 'The access token is of another issuer'];
    case 'aud':
      return ['audience', 'The access token is meant for somebody else'];
    case 'nbf':
      return ['not_yet', 'The access token is not valid yet'];
    default:
      return ['claims', `The token's claim ${claim} is missing or wrong`];
  }
}
