import type { Scope } from '@trunkline/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteUser } from '../http/observe-requests.ts';
import { lacksScope } from '../http/mount-routes.ts';
import { Problem } from '../http/problem.ts';
import type { Session, Sessions } from './sessions.ts';

/** Whether this is a person who has come to a page, and not a script of one that asks for data. */
const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && headers.accept?.includes('text/html') === true;

/**
 * Who has signed in and may be here. Whoever has not is sent to sign in, if it is a person; the answer is given then and
 * null comes back.
 */
export async function admit(
  sessions: Sessions,
  scope: Scope,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session | null> {
  const session = await sessions.read(request);
  if (session === null) {
    if (!wantsPage(request))
      throw new Problem('unauthenticated', 'Nobody has signed in here; load the page anew');
    await reply.redirect(`/login?to=${encodeURIComponent(request.url)}`, 302);
    return null;
  }
  noteUser(request, session.principal);
  if (!session.principal.scopes.has(scope)) throw lacksScope(scope);
  return session;
}
