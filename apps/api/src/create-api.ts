import type { AddressInfo } from 'node:net';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ApiContext } from './api-context.ts';
import { mountRoutes } from './http/mount-routes.ts';
import { endLateBodies, fileMsMax, takeFiles } from './http/take-files.ts';
import { answerProblem, answerProblems, observeRequests } from './http/observe-requests.ts';
import { openApiDocument } from './http/openapi.ts';
import { Problem } from './http/problem.ts';
import { readJson } from './http/read-json.ts';
import type { RequestLimits } from './http/request-limiter.ts';
import { sendSecurityHeaders } from './http/security-headers.ts';
import { serveSound } from './recordings/serve-sound.ts';
import { routesOf } from './routes/index.ts';
import { version } from './version.ts';

/** Something that is served beside the routes of programs, such as the dashboard of queues. */
export type Area = (app: FastifyInstance) => Promise<void>;

export interface ApiOptions {
  readonly context: ApiContext;
  readonly limits: RequestLimits;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** Origins of pages elsewhere that may call the API from a browser. */
  readonly corsOrigins?: readonly string[];
  readonly areas?: readonly Area[];
  /** How long a request may take to arrive. */
  readonly requestMs?: number;
}

export interface Api extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Answers what is under way, takes nothing new, and ends. */
  close(): Promise<void>;
}

/** No body of ours is larger; a sweep or a call is described in a few hundred letters. */
const bodyBytesMax = 65_536;

/** A request has to be here by then, whole, and an idle connection ends after that. Longer than a proxy keeps one. */
const requestMsMax = 15_000;
const keepAliveMs = 75_000;

/** Node looks for late requests every half a minute otherwise, and waits a minute for headers. */
const lookMs = 1_000;

/** A call's name may be 256 characters, each of which may be twelve in a path. */
const paramLettersMax = 4_000;

export async function startApi(options: ApiOptions): Promise<Api> {
  const app = await createApp(options);
  await listen(app, options);
  const { port, address, family } = app.server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close());
  return { url, port, close, [Symbol.asyncDispose]: close };
}

/** The application without a socket; also for whoever asks it directly. */
export async function createApp({
  context,
  limits,
  trustedProxies = [],
  corsOrigins = [],
  areas = [],
  requestMs = requestMsMax,
}: ApiOptions): Promise<FastifyInstance> {
  const { metrics, logger } = context;
  const app = Fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    // Files take their time; everything else is held to `requestMs` by a clock of ours.
    requestTimeout: Math.max(requestMs, fileMsMax),
    http: { headersTimeout: requestMs, connectionsCheckingInterval: Math.min(lookMs, requestMs) },
    connectionTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: paramLettersMax, ignoreTrailingSlash: true },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    // What the router itself refuses has passed no hook, so it is answered here and not thrown.
    frameworkErrors: (error, request, reply) => {
      void answerProblem(error, { request, reply, logger });
    },
  });
  observeRequests(app, metrics, logger);
  answerProblems(app, logger);
  sendSecurityHeaders(app);
  endConnectionsWhenClosing(app);
  endLateBodies(app, requestMs);
  takeFiles(app);
  app.removeContentTypeParser('text/plain');
  // An empty body is none, whatever its Content-Type says: many clients send the one with every POST.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : readJson(String(body)));
    } catch (error) {
      done(error as Problem);
    }
  });
  if (corsOrigins.length > 0) await app.register(cors, corsOptions(corsOrigins));

  const routes = routesOf(context);
  mountRoutes(app, routes, context, limits);
  serveSound(app, context, limits);
  const document = JSON.stringify(openApiDocument(routes, { version }));
  app.get('/openapi.json', (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('application/json').send(document),
  );
  for (const area of areas) await app.register(area);
  app.setNotFoundHandler(({ method }) => {
    throw new Problem('not-found', `There is nothing here to ${method}; /openapi.json lists what there is`);
  });
  await app.ready();
  return app;
}

/** A connection that is kept alive would keep the server alive: the last answer on it says that it ends. */
function endConnectionsWhenClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) void reply.header('connection', 'close');
    done();
  });
}

const corsOptions = (origins: readonly string[]) => ({
  origin: [...origins],
  methods: ['GET', 'POST', 'PATCH', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'traceparent'],
  exposedHeaders: ['location', 'retry-after', 'idempotent-replayed', 'content-disposition', 'trunkline-more'],
  credentials: false,
  maxAge: 600,
});

async function listen(app: FastifyInstance, { host, port }: ApiOptions): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new Error(
      `The API can't listen on ${host}:${port}; choose another TRUNKLINE_API_PORT (0 takes any)`,
      {
        cause: error,
      },
    );
  }
}
