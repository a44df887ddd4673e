import { randomBytes, timingSafeEqual } from 'node:crypto';
import { isScope, type Principal, type Revocations, type Scope } from '@trunkline/access';
import { tenantId } from '@trunkline/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { Problem } from '../http/problem.ts';
import { createSeal, type Seal } from './sealed.ts';

export interface SessionsOptions {
  readonly publicUrl: string;
  readonly secret: string;
  readonly lifeMs: number;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
}

/** Somebody who has signed in with a browser. */
export interface Session {
  readonly principal: Principal;
  /** Has to come back in a header with everything that changes something: another site's page can't read it. */
  readonly csrf: string;
}

export interface Sessions {
  readonly seal: Seal;
  /** Attributes of every cookie of ours. */
  readonly cookie: { readonly secure: boolean; readonly path: '/' };
  begin(reply: FastifyReply, principal: Principal): Promise<void>;
  read(request: FastifyRequest): Promise<Session | null>;
  end(reply: FastifyReply): void;
  /** Refuses what comes from another site's page. */
  refuseForeign(request: FastifyRequest, session: Session): void;
}

const purpose = 'session';

/** The name under which axios, and so the dashboard, looks for it. */
const csrfCookie = 'XSRF-TOKEN';
const csrfHeader = 'x-xsrf-token';

const sessionSchema = v.object({
  tenant: v.string(),
  sub: v.string(),
  scopes: v.array(v.string()),
  tokenId: v.nullable(v.string()),
  issuedAt: v.number(),
  exp: v.number(),
  csrf: v.string(),
});

/** A session is its cookie: sealed, read by no script, sent by no other site, and no longer than the token it began with. */
export function createSessions({ publicUrl, secret, lifeMs, revocations }: SessionsOptions): Sessions {
  const seal = createSeal(secret);
  const { origin, protocol } = new URL(publicUrl);
  const secure = protocol === 'https:';
  const cookie = { secure, path: '/' } as const;
  // The prefix has browsers refuse it from anywhere but this very host, over TLS.
  const name = secure ? '__Host-trunkline' : 'trunkline';

  return {
    seal,
    cookie,
    async begin(reply, { tenant, user, scopes, tokenId, issuedAt, expiresAt }) {
      const csrf = randomBytes(24).toString('base64url');
      const leftMs = Math.max(0, Math.min(lifeMs, expiresAt - Date.now()));
      const value = { tenant, sub: user, scopes: [...scopes], tokenId, issuedAt, csrf };
      const sealed = await seal.seal(purpose, value, leftMs);
      const shared = { ...cookie, sameSite: 'strict', maxAge: Math.floor(leftMs / 1_000) } as const;
      void reply.setCookie(name, sealed, { ...shared, httpOnly: true }).setCookie(csrfCookie, csrf, shared);
    },
    async read(request) {
      const sealed = request.cookies[name];
      if (sealed === undefined) return null;
      const read = v.safeParse(sessionSchema, await seal.open(purpose, sealed));
      if (!read.success) return null;
      const { tenant, sub, scopes, tokenId, issuedAt, exp, csrf } = read.output;
      const principal: Principal = {
        tenant: tenantId(tenant),
        user: sub,
        scopes: new Set<Scope>(scopes.filter(isScope)),
        tokenId,
        issuedAt,
        expiresAt: exp * 1_000,
      };
      return (await revocations.isRevoked(principal)) ? null : { principal, csrf };
    },
    end(reply) {
      void reply.clearCookie(name, cookie).clearCookie(csrfCookie, cookie);
    },
    refuseForeign({ headers }, { csrf }) {
      const site = headers['sec-fetch-site'];
      const isOwnSite = site === undefined ? headers.origin === origin : site === 'same-origin';
      const isOwnOrigin = headers.origin === undefined || headers.origin === origin;
      if (isOwnSite && isOwnOrigin && isSame(headers[csrfHeader], csrf)) return;
      throw new Problem('forbidden', `This must come from a page of ${origin}; load it anew and try again`, {
        more: { reason: 'foreign' },
      });
    },
  };
}

function isSame(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || given.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
