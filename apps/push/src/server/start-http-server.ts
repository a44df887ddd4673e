import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { paths } from '@trunkline/realtime-protocol';
import { clientAddress } from './client-address.ts';
import type { Counts } from './counts.ts';
import type { Door, StreamDoor } from './door.ts';
import { admitEventStream } from './event-stream/admit-event-stream.ts';
import { isAllowedOrigin } from './is-allowed-origin.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly origins: readonly string[];
  readonly proxies: number;
  readonly perAddressMax: number;
  /** TCP connections, whatever they are; beyond it they are closed without a word. */
  readonly socketsMax: number;
  /** Whoever has not said what it wants by then is cut off. */
  readonly headersMs: number;
  readonly addresses: Counts;
  readonly webSockets: Door<Socket>;
  readonly eventStreams: StreamDoor;
  readonly isStopping: () => boolean;
  readonly onRefused: (why: string) => void;
}

export interface HttpServer {
  readonly port: number;
  /** Takes no new connections; those that are open stay. */
  stopListening(): void;
  close(): Promise<void>;
}

/** Room for a long token in one header. */
const headerBytesMax = 24 * 1024;
const checkMs = 1_000;
const crowdRetrySeconds = 10;

/** The port of this node. Everything that comes in passes here before anything is known of it. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({
    maxHeaderSize: headerBytesMax,
    headersTimeout: options.headersMs,
    requestTimeout: options.headersMs,
    connectionsCheckingInterval: checkMs,
    keepAlive: true,
  });
  // Node waits for ever for the first byte of a connection.
  server.on('connection', (socket) => socket.setTimeout(options.headersMs, () => socket.destroy()));
  server.maxConnections = options.socketsMax;
  server.on('request', (request, response) => answer(request, response, options));
  server.on('upgrade', (request, socket, head) => onUpgrade(request, socket as Socket, head, options));
  server.listen(options.port, options.host);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    stopListening: () => void server.close(),
    close: () => closeServer(server),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, options: HttpServerOptions): void {
  if (pathOf(request) === paths.eventStream) return admitEventStream(request, response, options);
  const isKnown = pathOf(request) === paths.webSocket;
  response.writeHead(isKnown ? 426 : 404, {
    'content-type': 'text/plain',
    ...(isKnown && { upgrade: 'websocket' }),
  });
  response.end(isKnown ? 'This is where WebSockets are opened.\n' : 'There is nothing here.\n');
  return undefined;
}

function onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer, options: HttpServerOptions): void {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(0);
  const refuse = (status: number, why: string, message: string, retryAfter?: number): void => {
    options.onRefused(why);
    refuseUpgrade(socket, status, `${message}\n`, retryAfter);
  };
  const address = clientAddress(request, options.proxies);
  if (pathOf(request) !== paths.webSocket)
    return refuse(404, 'path', `WebSockets are opened at ${paths.webSocket}`);
  if (options.isStopping()) return refuse(503, 'stopping', 'this server stops', 1);
  if (!isAllowedOrigin(request.headers, options.origins)) {
    return refuse(403, 'origin', 'pages of this origin may not connect');
  }
  if (!options.addresses.admit(address, options.perAddressMax)) {
    return refuse(429, 'address', 'this address has too many connections', crowdRetrySeconds);
  }
  options.webSockets.open(request, socket, head, address);
  return undefined;
}

/** A query might hold a token: nobody reads it but for the topics of a stream. */
const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}
