import { createHash } from 'node:crypto';
import type { TenantId } from '@trunkline/domain';
import { withDeadline, type RedisConnection } from '@trunkline/service-kit';
import * as v from 'valibot';
import type { Principal } from './principal.ts';

/** What is taken back: one token, or everything that a user has got up to a moment. */
export type Revocation =
  | { readonly tenant: TenantId; readonly tokenId: string; readonly at: number }
  | { readonly tenant: TenantId; readonly user: string; readonly at: number };

export interface RevocationsOptions {
  /** A connection for commands. */
  readonly connection: RedisConnection;
  readonly prefix: string;
  /** The longest life of a token: a revocation is remembered for so long and needed no longer. */
  readonly lifeMsMax: number;
  /** How long an answer is waited for; who can keep a peer waiting meanwhile is better off with more. */
  readonly answerMs?: number;
}

export interface Revocations {
  /** Takes tokens back. Known to every verifier when it resolves, and told to everyone who listens. */
  revokeTokens(revocation: Revocation): Promise<void>;
  isRevoked(principal: Pick<Principal, 'tenant' | 'user' | 'tokenId' | 'issuedAt'>): Promise<boolean>;
}

const defaultAnswerMs = 2_000;

/** Tokens may be accepted for a moment after their end, and clocks differ. */
const graceMs = 60_000;

export function createRevocations(options: RevocationsOptions): Revocations {
  const { connection, prefix, lifeMsMax, answerMs = defaultAnswerMs } = options;
  const ask = <T>(answer: Promise<T>, what: string): Promise<T> => withDeadline(answer, answerMs, what);

  return {
    async revokeTokens(revocation) {
      const setting = connection.set(keyOf(prefix, revocation), revocation.at, 'PX', lifeMsMax + graceMs);
      await ask(setting, 'storing a revocation');
      const telling = connection.publish(revocationsChannel(prefix), JSON.stringify(revocation));
      await ask(telling, 'telling a revocation');
    },
    async isRevoked({ tenant, user, tokenId, issuedAt }) {
      const byToken = tokenId === null ? null : connection.get(keyOf(prefix, { tenant, tokenId }));
      const byUser = connection.get(keyOf(prefix, { tenant, user }));
      const [token, userAt] = await ask(Promise.all([byToken, byUser]), 'asking for revocations');
      return token !== null || (userAt !== null && issuedAt <= Number(userAt));
    },
  };
}

/** Whether this one concerns somebody; for whoever keeps a socket open that began with a good token. */
export function isRevokedBy(
  principal: Pick<Principal, 'tenant' | 'user' | 'tokenId' | 'issuedAt'>,
  revocation: Revocation,
): boolean {
  if (principal.tenant !== revocation.tenant) return false;
  if ('tokenId' in revocation) return principal.tokenId === revocation.tokenId;
  return principal.user === revocation.user && principal.issuedAt <= revocation.at;
}

export const revocationsChannel = (prefix: string): string => `${prefix}:access:revoked`;

const base = { tenant: v.string(), at: v.number() };
const revocationSchema = v.union([
  v.strictObject({ ...base, tokenId: v.string() }),
  v.strictObject({ ...base, user: v.string() }),
]);

/** What came over the channel; null for anything else. */
export function readRevocation(text: string): Revocation | null {
  try {
    return v.parse(revocationSchema, JSON.parse(text)) as Revocation;
  } catch {
    return null;
  }
}

type Named =
  | { readonly tenant: string; readonly tokenId: string }
  | { readonly tenant: string; readonly user: string };

/** Names are hashed, since an issuer may put anything into them: braces, blanks, addresses of people. */
function keyOf(prefix: string, named: Named): string {
  const [kind, name] =
    'tokenId' in named ? (['token', named.tokenId] as const) : (['user', named.user] as const);
  const digest = createHash('sha256').update(`${named.tenant}\n${name}`).digest('base64url');
  return `${prefix}:access:revoked:${kind}:${digest}`;
}
