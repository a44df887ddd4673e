export { AccessError, accessProblems, type AccessProblem } from './access-error.ts';
export { accessSettings, verifierOptionsOf, type AccessSettings } from './access-settings.ts';
export { bearerToken } from './bearer-token.ts';
export type { ClaimNames } from './claims.ts';
export {
  createTokenVerifier,
  type TokenVerifier,
  type TokenVerifierOptions,
} from './create-token-verifier.ts';
export { KEY_SOURCE_TUNING, type KeySourceTuning } from './key-source.ts';
export type { Principal } from './principal.ts';
export {
  createRevocations,
  isRevokedBy,
  readRevocation,
  revocationsChannel,
  type Revocation,
  type Revocations,
  type RevocationsOptions,
} from './revocations.ts';
export { isRole, isScope, roles, roleScopes, scopes, type Role, type Scope } from './scopes.ts';
