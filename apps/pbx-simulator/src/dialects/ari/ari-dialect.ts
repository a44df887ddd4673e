import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { SYSTEM_NAME } from '../asterisk/asterisk-words.ts';
import type { Dialect, DialectContext } from '../dialect.ts';
import { readBody, writeAnswer, writeTorn } from '../http-answer.ts';
import { Applications, hears } from './applications.ts';
import { AriSocket } from './ari-socket.ts';
import { eventsOf } from './events.ts';
import { routes, type RouteContext, type Told } from './routes.ts';

const PREFIX = '/ari/';
const PAYLOAD_BYTES_MAX = 64 * 1024;

/** Asterisk's REST interface: events on a WebSocket, everything else by HTTP. */
export function createAriDialect(base: DialectContext): Dialect {
  const applications = new Applications();
  const context: RouteContext = { ...base, applications };
  const { guard, faults, timers, clock, tallies, logger } = context;
  const sources = new WeakMap<object, string>();
  const sourceOf = (request: IncomingMessage): string => sources.get(request.socket) ?? 'unknown';
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: PAYLOAD_BYTES_MAX,
  });
  const server = createServer((request, response) => void answer(request, response));

  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://pbx');
    const names = (url.searchParams.get('app') ?? '').split(',').filter((name) => name !== '');
    // Every WebSocket is a login; blocked sources have been turned away before.
    if (guard.attempt(sourceOf(request), isRight(request, url, context)) !== 'accepted') {
      refuse(socket, '401 Unauthorized', JSON.stringify({ message: 'Authentication required' }));
    } else if (faults.has('unavailable')) refuse(socket, '503 Service Unavailable', '');
    else if (url.pathname !== `${PREFIX}events`) refuse(socket, '404 Not Found', '');
    else if (names.length === 0) refuse(socket, '400 Bad Request', noApplicationPage);
    else {
      const all = url.searchParams.get('subscribeAll') === 'true';
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const holder = new AriSocket(webSocket, context, () => applications.release(holder));
        for (const name of names) applications.take(name, all, holder);
      });
    }
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      tallies.requests += 1;
      const url = new URL(request.url ?? '/', 'http://pbx');
      const text = await readBody(request);
      const { told, isList } = route(request, url, text);
      if (told.file !== undefined) {
        const write = told.file.manner === 'torn' ? writeTorn : writeAnswer;
        write(response, told.file.answer, clock.now());
        return;
      }
      const given = { status: told.status, body: told.body === undefined ? '' : JSON.stringify(told.body) };
      const fault = isList && told.status === 200 ? faults.get('snapshot') : undefined;
      if (fault?.mode === 'failing')
        writeAnswer(response, { status: 500, body: '{"message":"Internal Server Error"}' }, clock.now());
      else if (fault?.mode === 'partial') writeTorn(response, given, clock.now());
      else if (fault?.mode === 'slow')
        timers.after(fault.ms ?? 3_000, () => writeAnswer(response, given, clock.now()));
      else writeAnswer(response, given, clock.now());
    } catch (error) {
      logger.debug({ err: error }, 'a request broke off');
      response.destroy();
    }
  }

  function route(request: IncomingMessage, url: URL, text: string | null): { told: Told; isList: boolean } {
    const plain = (told: Told): { told: Told; isList: boolean } => ({ told, isList: false });
    if (faults.has('unavailable')) return plain({ status: 503, body: { message: 'Service Unavailable' } });
    if (!isRight(request, url, context) || faults.has('refuseCredentials')) {
      // A good login of REST says nothing new; a bad one is an attempt like any other.
      guard.attempt(sourceOf(request), false);
      return plain({ status: 401, body: { message: 'Authentication required' } });
    }
    if (!url.pathname.startsWith(PREFIX))
      return plain({ status: 404, body: { message: 'Resource not found' } });
    const path = url.pathname.slice(PREFIX.length);
    const body = parseJson(text);
    if (body === malformed) return plain({ status: 400, body: { message: 'Failed to parse request body' } });
    for (const { method, pattern, isList = false, handle } of routes) {
      const match = request.method === method ? pattern.exec(path) : null;
      if (match === null) continue;
      const parts = match.slice(1).map((part) => decodeURIComponent(part));
      return { told: handle(context, { parts, query: url.searchParams, body }), isList };
    }
    return plain({ status: 404, body: { message: 'Resource not found' } });
  }

  return {
    scheme: { secure: 'https', plain: 'http' },
    blockedSources: 'refuse',
    attach(socket, source) {
      sources.set(socket, source);
      server.emit('connection', socket);
    },
    tell(happening) {
      const listening = applications.all.filter(({ holder }) => holder !== null);
      if (listening.length === 0) return;
      for (const { type, sources: from, fields } of eventsOf(happening, clock.at))
        for (const application of listening)
          if (hears(application, type, from)) application.holder?.push(application.name, type, fields);
    },
    // It dies without a word to its WebSockets.
    sayGoodbye: () => undefined,
    reset: () => applications.clear(),
    liveTokens: () => 0,
    expireTokens: () => undefined,
    replaceApplication: (quietly) => applications.replaceAll(quietly),
    stop() {
      webSockets.close();
      server.close();
    },
  };
}

/** Basic authentication, or user and password in the address. */
function isRight(request: IncomingMessage, url: URL, { credential }: DialectContext): boolean {
  const key = url.searchParams.get('api_key');
  const header = request.headers.authorization ?? '';
  const basic = /^Basic\s+(.+)$/i.exec(header)?.[1];
  const given = key ?? (basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8'));
  return given === `${credential.username}:${credential.secret}`;
}

const noApplicationPage = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head>
<title>400 Bad Request</title>
</head><body>
<h1>Bad Request</h1>
<p>HTTP request is missing param: [app]</p>
<hr />
<address>${SYSTEM_NAME}</address>
</body></html>
`;

function refuse(socket: Duplex, status: string, body: string): void {
  const length = Buffer.byteLength(body);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${body}`);
}

const malformed = Symbol('malformed');

function parseJson(text: string | null): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text ?? '');
  } catch {
    return malformed;
  }
}
