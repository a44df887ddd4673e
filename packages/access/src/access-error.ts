export const accessProblems = [
  /** No token at all. */
  'missing',
  /** It is no signed token. */
  'malformed',
  /** Nobody we trust has signed it. */
  'signature',
  /** Another issuer's. */
  'issuer',
  /** Meant for somebody else. */
  'audience',
  'expired',
  'not_yet',
  /** Signed in a way that proves nothing here. */
  'algorithm',
  /** It doesn't say what we need to know. */
  'claims',
  'revoked',
  /** It can't be checked just now, which is no fault of whoever brought it. */
  'unavailable',
] as const;

export type AccessProblem = (typeof accessProblems)[number];

/** Why somebody is not let in. The message is safe to show: it never holds the token or a part of it. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly kind: AccessProblem;

  constructor(kind: AccessProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
