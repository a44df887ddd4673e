import type { Principal } from '@trunkline/access';
import type { ApiContext } from '../api-context.ts';
import { Problem, retryAfter } from './problem.ts';
import { createRateLimiter } from './rate-limiter.ts';

export interface RequestLimits {
  /** Requests a minute of one user. */
  readonly perUserMax: number;
  /** Requests a minute from one address that nobody could be recognised in. */
  readonly perAddressMax: number;
}

/** Counts who asks, and refuses what is too much. */
export interface RequestLimiter {
  countUser(principal: Pick<Principal, 'tenant' | 'user'>): Promise<void>;
  /** Programs (`address`) and people who sign in (`sign-in`) are counted apart: the ones don't shut the others out. */
  countStranger(kind: 'address' | 'sign-in', address: string): Promise<void>;
}

export function createRequestLimiter(
  { connection, prefix, logger }: Pick<ApiContext, 'connection' | 'prefix' | 'logger'>,
  { perUserMax, perAddressMax }: RequestLimits,
): RequestLimiter {
  const limiter = createRateLimiter({ connection, prefix, logger });
  return {
    async countUser({ tenant, user }) {
      const who = `${tenant}\n${user}`;
      const waitMs = await limiter.take({ kind: 'user', who, perMinuteMax: perUserMax });
      if (waitMs > 0)
        throw tooMany(waitMs, `At most ${perUserMax} requests a minute are answered to one user`);
    },
    async countStranger(kind, address) {
      const waitMs = await limiter.take({ kind, who: address, perMinuteMax: perAddressMax });
      if (waitMs > 0) throw tooMany(waitMs, refusals[kind]);
    },
  };
}

const refusals = {
  address: 'Too many requests without a valid token came from this address',
  'sign-in': 'Too many requests of people who have not signed in came from this address; wait a minute',
} as const;

const tooMany = (waitMs: number, detail: string): Problem =>
  new Problem('too-many-requests', detail, { headers: retryAfter(waitMs) });
