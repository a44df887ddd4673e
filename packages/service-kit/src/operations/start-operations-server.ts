import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from '../health/create-health.ts';
import type { Logger } from '../logs/create-logger.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import { answerFor, type OperationsAnswer } from './operations-routes.ts';

export interface OperationsServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface OperationsServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Stops at once: probes and scrapes under way are cut, they will be asked again. */
  close(): Promise<void>;
}

/** Probes and one or two scrapers; whoever opens more is up to no good. */
const CONNECTIONS_MAX = 50;
const REQUEST_MS_MAX = 5_000;

/** Serves /livez, /readyz and /metrics. Faces the cluster's inside only: it knows no login. */
export async function startOperationsServer(options: OperationsServerOptions): Promise<OperationsServer> {
  const { port, host, logger } = options;
  const server = createServer({ requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', (request, response) => void respond(request, response, options));
  const address = await listen(server, port, host);
  const authority = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const url = `http://${authority}:${address.port}`;
  logger.info({ url }, 'operations server listens');

  let closing: Promise<void> | undefined;
  const operations: OperationsServer = {
    port: address.port,
    url,
    close: () => (closing ??= closeServer(server)),
    [Symbol.asyncDispose]: () => operations.close(),
  };
  return operations;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: OperationsServerOptions,
): Promise<void> {
  const answer = await safeAnswer(request, options);
  response.writeHead(answer.status, { 'content-type': answer.contentType, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function safeAnswer(
  { method = 'GET', url = '/' }: IncomingMessage,
  { health, metrics, logger }: OperationsServerOptions,
): Promise<OperationsAnswer> {
  try {
    return await answerFor(method, url, health, metrics);
  } catch (error) {
    logger.error({ err: error, url }, 'an operations request failed');
    return { status: 500, contentType: 'application/json', body: '{"error":"see the log"}\n' };
  }
}

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error) =>
    reject(
      new Error(
        `The operations server can't listen on ${host}:${port}; choose another TRUNKLINE_OPERATIONS_PORT (0 takes any)`,
        { cause: error },
      ),
    ),
  );
  server.listen(port, host, resolve);
  await promise;
  return server.address() as AddressInfo;
}

async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
