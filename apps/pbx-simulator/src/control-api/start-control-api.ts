import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@trunkline/service-kit';
import { isValiError, getDotPath } from 'valibot';
import type { Simulator } from '../contract/simulator.ts';
import { readBody } from '../dialects/http-answer.ts';
import { OrderError } from '../telephony/desk.ts';
import { ControlDesk, controlRoutes, type ControlAnswer } from './control-routes.ts';

export interface ControlApiOptions {
  readonly simulator: Simulator;
  readonly logger: Logger;
  /** Loopback unless given: it knows no login. */
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port?: number;
}

export interface ControlApi extends AsyncDisposable {
  readonly url: string;
  close(): Promise<void>;
}

/** The HTTP interface through which a simulator in another process is steered. */
export async function startControlApi(options: ControlApiOptions): Promise<ControlApi> {
  const { simulator, logger, host = '127.0.0.1', port = 0 } = options;
  const desk = new ControlDesk(simulator);
  const server = createServer((request, response) => void respond(request, response, desk, logger));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  logger.info({ url }, 'the control interface listens');

  let closing: Promise<void> | null = null;
  const api: ControlApi = {
    url,
    close: () => (closing ??= closeServer(server)),
    [Symbol.asyncDispose]: () => api.close(),
  };
  return api;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  desk: ControlDesk,
  logger: Logger,
): Promise<void> {
  const { status, body } = await answerSafely(request, desk, logger);
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answerSafely(
  request: IncomingMessage,
  desk: ControlDesk,
  logger: Logger,
): Promise<ControlAnswer> {
  try {
    return await answer(request, desk);
  } catch (error) {
    if (isValiError(error)) {
      const problems = error.issues.map((issue) => ({ at: getDotPath(issue) ?? '', problem: issue.message }));
      return { status: 400, body: { error: 'the body is not what is wanted here', problems } };
    }
    if (error instanceof OrderError) return { status: 409, body: { error: error.message } };
    logger.error({ err: error }, 'a control request failed');
    return { status: 500, body: { error: 'see the log of the simulator' } };
  }
}

async function answer(request: IncomingMessage, desk: ControlDesk): Promise<ControlAnswer> {
  const { method = 'GET', url = '/' } = request;
  const [path = '/'] = url.split('?', 1);
  const text = await readBody(request);
  if (text === null) return { status: 413, body: { error: 'the body is larger than any order needs' } };
  const matching = controlRoutes.filter(({ pattern }) => pattern.test(path));
  const route = matching.find((one) => one.method === method);
  if (route === undefined) {
    const usable = (matching.length > 0 ? matching : controlRoutes).map(({ usage }) => usage);
    return {
      status: matching.length > 0 ? 405 : 404,
      body: { error: `there is no ${method} ${path}`, usable },
    };
  }
  const body = parse(text);
  if (body === unreadable)
    return { status: 400, body: { error: 'the body is no JSON', example: route.usage } };
  const parts = (route.pattern.exec(path) ?? []).slice(1).map((part) => decodeURIComponent(part));
  return await route.handle(desk, { parts, body });
}

const unreadable = Symbol('unreadable');

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
