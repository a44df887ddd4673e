import type { Principal } from '@trunkline/access';
import type { FastifyReply } from 'fastify';
import { createSessions } from '../sessions/sessions.ts';

/** The cookies that somebody's browser has after signing in, without the way there. */
export async function sessionCookies(
  { publicUrl, secret }: { readonly publicUrl: string; readonly secret: string },
  principal: Principal,
): Promise<ReadonlyMap<string, string>> {
  const cookies = new Map<string, string>();
  const reply = {
    setCookie(name: string, value: string) {
      cookies.set(name, value);
      return reply;
    },
  };
  const revocations = { isRevoked: async () => false };
  const sessions = createSessions({ publicUrl, secret, lifeMs: 600_000, revocations });
  await sessions.begin(reply as unknown as FastifyReply, principal);
  return cookies;
}
