import type { ApiContext } from '../api-context.ts';
import type { Area } from '../create-api.ts';
import { admit, type Door } from '../sessions/guard.ts';
import { pagePolicy } from '../sessions/page.ts';
import { readSystem } from './read-system.ts';
import { refreshScript } from './refresh-script.ts';
import { renderPage } from './render-page.ts';

/** One page for what no board shows: streams, offsets, leases, the outbox. For people who have signed in. */
export function createOperationsPage(context: ApiContext, door: Door): Area {
  return async (app) => {
    app.get('/operations', async (request, reply) => {
      const session = await admit(door, 'platform:read', request, reply);
      if (session === null) return reply;
      const view = await readSystem(context);
      return reply
        .header('content-security-policy', pagePolicy)
        .type('text/html; charset=utf-8')
        .send(renderPage(view, session.principal.user));
    });
    // It says nothing of the system, so it needs nobody to be signed in.
    app.get('/operations/refresh.js', (_request, reply) =>
      reply.header('cache-control', 'no-cache').type('text/javascript; charset=utf-8').send(refreshScript),
    );
  };
}
