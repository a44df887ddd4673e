import { bearerToken, type Principal } from '@trunkline/access';
import type { Readable } from 'node:stream';
import { currentTraceparent, redactJson } from '@trunkline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../api-context.ts';
import { csvOf, type CsvRow } from './csv.ts';
import { createIdempotency, type Idempotency, type KeptAnswer, type Wish } from './idempotency.ts';
import { parseInput } from './parse-input.ts';
import { problemOf } from './problem-of.ts';
import { Problem, problemBody, problemMediaType, type ProblemKind } from './problem.ts';
import { noteUser, traceIdOf } from './observe-requests.ts';
import { createRequestLimiter, type RequestLimiter, type RequestLimits } from './request-limiter.ts';
import { isRepeatable, type Route, type RouteAnswer, type RouteRequest } from './route.ts';

interface Gate {
  readonly context: ApiContext;
  readonly limiter: RequestLimiter;
  readonly idempotency: Idempotency;
}

/** Every route goes the same way: who is it, may they, what do they want, have they asked before; and then what it does. */
export function mountRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  context: ApiContext,
  limits: RequestLimits,
): void {
  const { connection, prefix, webhookKeys: keys } = context;
  const gate: Gate = {
    context,
    limiter: createRequestLimiter(context, limits),
    idempotency: createIdempotency({ connection, prefix, keys }),
  };
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: { takes: route.takes ?? [] },
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
  await gate.limiter.countUser(principal);
  if (!principal.scopes.has(route.scope)) throw lacksScope(route.scope);
  const asked: RouteRequest<unknown, unknown, unknown> = {
    params: parseInput('path', route.params, request.params),
    query: parseInput('query', route.query, request.query),
    body: parseInput('body', route.body, request.body ?? undefined),
    ...(route.takes !== undefined && { file: fileOf(request, route.takes) }),
    principal,
    traceparent: currentTraceparent(),
  };
  if (route.as === 'file') {
    const {
      status = 200,
      headers = {},
      body,
    } = await route.handle(asked as RouteRequest<never, never, never>, gate.context);
    return reply.status(status).headers(headers).send(body);
  }
  const work = async (): Promise<KeptAnswer> => {
    const answer = await route.handle(asked as RouteRequest<never, never, never>, gate.context);
    return textOf(answer, route, principal);
  };
  const key = request.headers['idempotency-key'];
  const answer =
    isRepeatable(route) && typeof key === 'string'
      ? await once(
          gate,
          { principal, key, content: contentOf(request), isSecret: route.showsSecret === true },
          traceIdOf(request),
          work,
        )
      : await work();
  return reply
    .status(answer.status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...answer.headers })
    .send(answer.body);
}

function fileOf({ body }: FastifyRequest, takes: readonly string[]): Readable {
  if (body !== undefined && body !== null) return body as Readable;
  throw new Problem('invalid', `There is no file; send it as the body, as ${takes.join(' or ')}`);
}

/** Whoever can't be recognised is counted by address; too many of them and the answer says so instead. */
async function recognise({ context, limiter }: Gate, request: FastifyRequest): Promise<Principal> {
  try {
    return await context.verifier.verify(bearerToken(request.headers.authorization));
  } catch (error) {
    await limiter.countStranger('address', request.ip);
    throw error;
  }
}

export const lacksScope = (scope: string): Problem =>
  new Problem('forbidden', `The access token lacks the scope ${scope}`, {
    headers: { 'www-authenticate': `Bearer realm="trunkline", error="insufficient_scope", scope="${scope}"` },
    more: { scope },
  });

/** The one place where phone numbers are masked: whatever a route answers passes here. */
function textOf(
  { status = 200, headers = {}, body }: RouteAnswer,
  { numbers, as }: Route,
  { scopes }: Principal,
): KeptAnswer {
  const shown = numbers === 'none' || scopes.has('numbers:read') ? body : redactJson(body);
  if (as !== 'csv') return { status, headers, body: JSON.stringify(shown) };
  return {
    status,
    headers: { 'content-type': 'text/csv; charset=utf-8', ...headers },
    // Times become text on the way.
    body: csvOf(JSON.parse(JSON.stringify(shown)) as readonly CsvRow[]),
  };
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
  { idempotency, context: { logger } }: Gate,
  wish: Wish,
  traceId: string,
  work: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const known = await idempotency.begin(wish);
  if (known !== null) return { ...known, headers: { ...known.headers, 'idempotent-replayed': 'true' } };
  // What was done is answered also where that can't be kept. The wish then counts as under way until its name is free.
  const settle = (settling: Promise<void>): Promise<void> =>
    settling.catch((error: unknown) =>
      logger.warn({ err: error, traceId }, 'an answer could not be kept for its Idempotency-Key'),
    );
  let answer: KeptAnswer;
  try {
    answer = await work();
  } catch (error) {
    const problem = problemOf(error);
    const isToForget = nothingWasDone.has(problem.kind);
    await settle(isToForget ? idempotency.forget(wish) : idempotency.keep(wish, answerOf(problem, traceId)));
    throw error;
  }
  await settle(idempotency.keep(wish, answer));
  return answer;
}
