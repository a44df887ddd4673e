import type { Scope } from '@trunkline/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteUser } from '../http/observe-requests.ts';
import { lacksScope } from '../http/mount-routes.ts';
import { Problem } from '../http/problem.ts';
import type { RequestLimiter } from '../http/request-limiter.ts';
import type { Session, Sessions } from './sessions.ts';

/** What stands before every page for people. */
export interface Door {
  readonly sessions: Sessions;
  readonly limiter: RequestLimiter;
}

/** Whether this is a person who has come to a page, and not a script of one that asks for data. */
const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && headers.accept?.includes('text/html') === true;

/**
 * Who has signed in and may be here. Whoever has not is sent to sign in, if it is a person; the answer is given then and
 * null comes back.
 */
export async function admit(
  { sessions, limiter }: Door,
  scope: Scope,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session | null> {
  const session = await sessions.read(request);
  if (session === null) {
    await limiter.countStranger('sign-in', request.ip);
    if (!wantsPage(request))
      throw new Problem('unauthenticated', 'Nobody has signed in here; load the page anew');
    await reply.redirect(`/login?to=${encodeURIComponent(request.url)}`, 302);
    return null;
  }
  noteUser(request, session.principal);
  await limiter.countUser(session.principal);
  if (!session.principal.scopes.has(scope)) throw lacksScope(scope);
  return session;
}
