import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientAddress } from '../client-address.ts';
import { isAllowedOrigin } from '../is-allowed-origin.ts';
import type { HttpServerOptions } from '../start-http-server.ts';
import { answerProblem, type StreamProblem } from './answer-problem.ts';

const crowdRetryMs = 10_000;
const stoppingRetryMs = 1_000;
/** Browsers may remember for so long that pages of an origin are let in. */
const preflightSeconds = '600';

/** What is asked of everybody before anything is known: as for sockets, and in the words of browsers and HTTP. */
export function admitEventStream(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): void {
  const { origin } = request.headers;
  const refuse = (why: string, problem: StreamProblem): void => {
    options.onRefused(why);
    answerProblem(response, problem);
  };
  // What a stream waits for is not a sign of a client that hangs.
  request.socket.setTimeout(0);
  if (!isAllowedOrigin(request.headers, options.origins)) {
    return refuse('origin', { kind: 'forbidden', message: 'pages of this origin may not connect' });
  }
  if (origin !== undefined) nameOrigin(response, origin);
  if (request.method === 'OPTIONS') return answerPreflight(response);
  if (request.method !== 'GET') return answerMethod(response);
  if (options.isStopping()) {
    const message = 'this server stops';
    return refuse('stopping', { kind: 'restarting', message, retryAfterMs: stoppingRetryMs });
  }
  const address = clientAddress(request, options.proxies);
  if (!options.addresses.admit(address, options.perAddressMax)) {
    const message = 'this address has too many connections';
    return refuse('address', { kind: 'too_many_connections', message, retryAfterMs: crowdRetryMs });
  }
  return options.eventStreams.open(request, response, address);
}

/** Pages that may connect may read what they are answered, refusals too. */
function nameOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'retry-after');
  response.setHeader('vary', 'origin');
}

function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'authorization, last-event-id, cache-control',
    'access-control-max-age': preflightSeconds,
    connection: 'close',
  });
  response.end();
}

function answerMethod(response: ServerResponse): void {
  response.writeHead(405, { allow: 'GET', 'content-type': 'text/plain', connection: 'close' });
  response.end('Event streams are read by GET.\n');
}
