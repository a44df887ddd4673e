import { bearerToken, type Principal } from '@trunkline/access';
import { currentTraceparent, redactJson } from '@trunkline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../api-context.ts';
import { createIdempotency, type Idempotency, type KeptAnswer, type Wish } from './idempotency.ts';
import { parseInput } from './parse-input.ts';
import { problemOf } from './problem-of.ts';
import { Problem, problemBody, problemMediaType, retryAfter, type ProblemKind } from './problem.ts';
import { noteUser, traceIdOf } from './observe-requests.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import type { Route, RouteAnswer, RouteRequest } from './route.ts';

export interface RequestLimits {
  /** Requests a minute of one user. */
  readonly perUserMax: number;
  /** Requests a minute from one address that nobody could be recognised in. */
  readonly perAddressMax: number;
}

interface Gate {
  readonly context: ApiContext;
  readonly limiter: RateLimiter;
  readonly idempotency: Idempotency;
  readonly limits: RequestLimits;
}

/** Every route goes the same way: who is it, may they, what do they want, have they asked before; and then what it does. */
export function mountRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  context: ApiContext,
  limits: RequestLimits,
): void {
  const { connection, prefix, logger } = context;
  const gate: Gate = {
    context,
    limits,
    limiter: createRateLimiter({ connection, prefix, logger }),
    idempotency: createIdempotency(connection, prefix),
  };
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serve(route, gate, request, reply),
    });
  }
}

async function serve(
  route: Route,
  gate: Gate,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const principal = await recognise(gate, request);
  noteUser(request, principal);
  await refuseTooMany(gate, principal);
  if (!principal.scopes.has(route.scope)) throw lacksScope(route.scope);
  const asked: RouteRequest<unknown, unknown, unknown> = {
    params: parseInput('path', route.params, request.params),
    query: parseInput('query', route.query, request.query),
    body: parseInput('body', route.body, request.body ?? undefined),
    principal,
    traceparent: currentTraceparent(),
  };
  const work = async (): Promise<KeptAnswer> => {
    const answer = await route.handle(asked as RouteRequest<never, never, never>, gate.context);
    return textOf(answer, principal);
  };
  const key = request.headers['idempotency-key'];
  const answer =
    route.method === 'POST' && typeof key === 'string'
      ? await once(
          gate.idempotency,
          { principal, key, content: contentOf(request) },
          traceIdOf(request),
          work,
        )
      : await work();
  return reply
    .status(answer.status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...answer.headers })
    .send(answer.body);
}

/** Whoever can't be recognised is counted by address; too many of them and the answer says so instead. */
async function recognise({ context, limiter, limits }: Gate, request: FastifyRequest): Promise<Principal> {
  try {
    return await context.verifier.verify(bearerToken(request.headers.authorization));
  } catch (error) {
    const waitMs = await limiter.take({
      kind: 'address',
      who: request.ip,
      perMinuteMax: limits.perAddressMax,
    });
    if (waitMs > 0) throw tooMany(waitMs, 'Too many requests without a valid token came from this address');
    throw error;
  }
}

async function refuseTooMany({ limiter, limits }: Gate, { tenant, user }: Principal): Promise<void> {
  const who = `${tenant}\n${user}`;
  const waitMs = await limiter.take({ kind: 'user', who, perMinuteMax: limits.perUserMax });
  if (waitMs > 0)
    throw tooMany(waitMs, `At most ${limits.perUserMax} requests a minute are answered to one user`);
}

const tooMany = (waitMs: number, detail: string): Problem =>
  new Problem('too-many-requests', detail, { headers: retryAfter(waitMs) });

export const lacksScope = (scope: string): Problem =>
  new Problem('forbidden', `The access token lacks the scope ${scope}`, {
    headers: { 'www-authenticate': `Bearer realm="trunkline", error="insufficient_scope", scope="${scope}"` },
    more: { scope },
  });

/** The one place where phone numbers are masked: whatever a route answers passes here. */
function textOf({ status = 200, headers = {}, body }: RouteAnswer, { scopes }: Principal): KeptAnswer {
  const shown = scopes.has('numbers:read') ? body : redactJson(body);
  return { status, headers, body: JSON.stringify(shown) };
}

const contentOf = ({ method, url, body }: FastifyRequest): string =>
  `${method} ${url}\n${JSON.stringify(body ?? null)}`;

/** After these nothing was done, so that the same wish may be sent again and is carried out. */
const nothingWasDone: ReadonlySet<ProblemKind> = new Set(['unavailable', 'too-many-requests']);

/** A refusal is an answer like any other: asked again under the same name, it is given again. */
const answerOf = (problem: Problem, traceId: string): KeptAnswer => ({
  status: problem.status,
  headers: { ...problem.headers, 'content-type': problemMediaType },
  body: JSON.stringify(problemBody(problem, traceId)),
});

async function once(
  idempotency: Idempotency,
  wish: Wish,
  traceId: string,
  work: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const known = await idempotency.begin(wish);
  if (known !== null) return { ...known, headers: { ...known.headers, 'idempotent-replayed': 'true' } };
  try {
    const answer = await work();
    await idempotency.keep(wish, answer);
    return answer;
  } catch (error) {
    const problem = problemOf(error);
    if (nothingWasDone.has(problem.kind)) await idempotency.forget(wish);
    else await idempotency.keep(wish, answerOf(problem, traceId));
    throw error;
  }
}
