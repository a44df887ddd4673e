import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { HTTPStatus } from '@bull-board/api/typings/app';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Scope } from '@trunkline/access';
import { beginOperatorAction, finishOperatorAction, type OperatorOutcome } from '@trunkline/database';
import { redactJson } from '@trunkline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../api-context.ts';
import type { Area } from '../create-api.ts';
import { answerProblem } from '../http/observe-requests.ts';
import { problemOf } from '../http/problem-of.ts';
import { Problem } from '../http/problem.ts';
import { admit } from '../sessions/guard.ts';
import { pagePolicy } from '../sessions/page.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { openQueues, type NamedQueue } from './open-queues.ts';

/** How soon a new PBX's queue is shown. */
const refreshMs = 10_000;

interface Board {
  readonly path: '/queues/view' | '/queues/work';
  readonly scope: Scope;
  readonly readOnlyMode: boolean;
}

/** Two boards on the same queues: what one of them may not do, its adapter can't. */
const boards: readonly Board[] = [
  { path: '/queues/view', scope: 'platform:read', readOnlyMode: true },
  { path: '/queues/work', scope: 'platform:write', readOnlyMode: false },
];

/** Bull Board at /queues, for people who have signed in; each sees the board for what they may do. */
export function createQueueBoard(context: ApiContext, sessions: Sessions): Area {
  return async (app) => {
    const queues = openQueues(context);
    const shown = boards.map((board) => ({ board, ...openBoard(board) }));
    let refreshing: Promise<void> | undefined;
    let refreshedAt = Number.NEGATIVE_INFINITY;

    /** Looked at when somebody does, and by no timer; many who look at once are one look. */
    async function refresh(): Promise<void> {
      if (performance.now() - refreshedAt < refreshMs) return;
      refreshing ??= queues
        .refresh()
        .then((found) => {
          for (const { board, replace } of shown) replace(found.map((each) => adapterOf(each, board)));
          refreshedAt = performance.now();
        })
        .finally(() => {
          refreshing = undefined;
        });
      await refreshing;
    }

    app.get('/queues', async (request, reply) => {
      const session = await admit(sessions, 'platform:read', request, reply);
      if (session === null) return reply;
      const mayWork = session.principal.scopes.has('platform:write');
      return reply.redirect(mayWork ? '/queues/work/' : '/queues/view/', 302);
    });
    for (const { board, server } of shown) {
      await app.register(
        async (part) => {
          guard(part, board, { context, sessions, refresh });
          await part.register(server.registerPlugin());
        },
        { prefix: board.path },
      );
    }
    app.addHook('onClose', () => queues[Symbol.asyncDispose]());
  };
}

function openBoard({ path }: Board) {
  const server = new FastifyAdapter();
  server.setBasePath(path);
  const { replaceQueues } = createBullBoard({
    queues: [],
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Trunkline', hideRedisDetails: false } },
  });
  // Its own says more than anybody outside should know.
  server.setErrorHandler((error) => {
    const problem = problemOf(error);
    return { status: problem.status as HTTPStatus, body: { error: problem.message } };
  });
  return { server, replace: replaceQueues };
}

const adapterOf = ({ place, queue }: NamedQueue, { readOnlyMode }: Board): BullMQAdapter =>
  new BullMQAdapter(queue, { readOnlyMode, displayName: place.shown });

interface Guarding {
  readonly context: ApiContext;
  readonly sessions: Sessions;
  readonly refresh: () => Promise<void>;
}

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

function guard(part: FastifyInstance, board: Board, { context, sessions, refresh }: Guarding): void {
  const { logger } = context;
  const audits = new WeakMap<FastifyRequest, string>();

  async function admitted(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const session = await admit(sessions, board.scope, request, reply);
    if (session === null) return reply;
    if (!isRead(request)) {
      sessions.refuseForeign(request, session);
      refuseBlind(request);
      const { tenant, user: actor } = session.principal;
      const action = { tenant, actor, action: 'queue.change', target: `${request.method} ${request.url}` };
      audits.set(request, await context.database.run((tx) => beginOperatorAction(tx, action)));
    }
    if (request.url.includes('/api/')) await refresh();
    return undefined;
  }

  part.addHook('onRequest', async (_request, reply) => {
    void reply.header('content-security-policy', pagePolicy);
  });
  // Problems are answered here: below, the board's own plugin would put them into its words.
  part.addHook('preHandler', async (request, reply) => {
    try {
      return await admitted(request, reply);
    } catch (error) {
      return answerProblem(error, { request, reply, logger });
    }
  });
  part.addHook('onSend', async (request, _reply, payload) => {
    const isData = request.url.includes('/api/') && typeof payload === 'string';
    return isData ? redactedText(payload) : payload;
  });
  part.addHook('onResponse', async (request, reply) => {
    const id = audits.get(request);
    if (id === undefined) return;
    const outcome = outcomeOf(reply.statusCode);
    const problem = outcome === 'done' ? null : `HTTP ${reply.statusCode}`;
    await context.database
      .run((tx) => finishOperatorAction(tx, id, outcome, problem))
      .catch((error: unknown) =>
        logger.warn({ err: error, id }, 'what became of an action could not be stored'),
      );
  });
}

/** What is shown is masked; whoever changed that would store the masks. */
function refuseBlind({ url }: FastifyRequest): void {
  if (/\/update-data(\?|$)/.test(url))
    throw new Problem('forbidden', 'Data of jobs is shown with numbers masked, so it can’t be changed here');
}

function outcomeOf(status: number): OperatorOutcome {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'unknown';
}

/** Whatever the board tells of jobs passes here: data, results, errors and logs. */
function redactedText(text: string): string {
  try {
    return JSON.stringify(redactJson(JSON.parse(text)));
  } catch {
    return text;
  }
}
