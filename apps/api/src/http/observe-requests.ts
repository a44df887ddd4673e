import { randomBytes } from 'node:crypto';
import type { Principal } from '@trunkline/access';
import { currentTraceparent, type Logger, type Metrics } from '@trunkline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from './problem-of.ts';
import { problemBody, problemMediaType } from './problem.ts';
import { requestCatalogue } from './request-metrics.ts';

interface Seen {
  readonly startedAt: number;
  readonly traceId: string;
  principal?: Principal;
}

const seen = new WeakMap<FastifyRequest, Seen>();

const traceparentShape = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/;

/** By which the log and the answer name a request: the trace it belongs to, or else one of its own. */
export const traceIdOf = (request: FastifyRequest): string =>
  seen.get(request)?.traceId ?? newTraceId(request);

/** Who it turned out to be, for the log. */
export function noteUser(request: FastifyRequest, principal: Principal): void {
  const known = seen.get(request);
  if (known !== undefined) known.principal = principal;
}

/** Measures and logs each request by its route, never by its path or query: these name calls and phone numbers. */
export function observeRequests(app: FastifyInstance, metrics: Metrics, logger: Logger): void {
  const { seconds, underWay } = metrics.make(requestCatalogue);

  app.addHook('onRequest', (request, _reply, done) => {
    underWay.inc();
    seen.set(request, { startedAt: performance.now(), traceId: newTraceId(request) });
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    underWay.dec();
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    const { startedAt = 0, traceId, principal } = seen.get(request) ?? {};
    const took = (performance.now() - startedAt) / 1_000;
    seconds.observe({ method, route, status: reply.statusCode }, took);
    const line = {
      method,
      route,
      status: reply.statusCode,
      seconds: Number(took.toFixed(4)),
      traceId,
      ...(principal && { tenant: principal.tenant, user: principal.user }),
    };
    if (method === 'GET' || method === 'HEAD') logger.debug(line, 'answered');
    else logger.info(line, 'answered');
    done();
  });
  app.addHook('onRequestAbort', (_request, done) => {
    underWay.dec();
    done();
  });
}

function newTraceId(request: FastifyRequest): string {
  const { traceparent } = request.headers;
  const given = currentTraceparent() ?? (typeof traceparent === 'string' ? traceparent : '');
  return traceparentShape.exec(given)?.[1] ?? randomBytes(16).toString('hex');
}

interface Answering {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly logger: Logger;
}

/** Turns whatever was thrown into an answer. Only what is our own fault leaves a line with where it happened. */
export function answerProblem(error: unknown, { request, reply, logger }: Answering): FastifyReply {
  const problem = problemOf(error);
  const traceId = traceIdOf(request);
  const route = request.routeOptions.url ?? 'none';
  if (problem.kind === 'internal') logger.error({ err: error, traceId, route }, 'a request failed');
  else if (problem.status >= 500)
    logger.warn({ err: error, traceId, route }, 'a request could not be answered');
  return reply
    .status(problem.status)
    .headers(problem.headers)
    .type(problemMediaType)
    .send(JSON.stringify(problemBody(problem, traceId)));
}

export function answerProblems(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => answerProblem(error, { request, reply, logger }));
}
