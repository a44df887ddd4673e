import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Happening } from '../../telephony/happening.ts';
import type { Dialect, DialectContext } from '../dialect.ts';
import { writeAnswer, writeTorn } from '../http-answer.ts';
import { CallLog } from './call-log.ts';
import { detailsOf } from './details.ts';
import { framesOf } from './event-frames.ts';
import { Subscriber } from './subscriber.ts';
import { Tokens } from './tokens.ts';
import { API, YeastarRest } from './yeastar-rest.ts';

const PAYLOAD_BYTES_MAX = 64 * 1024;

/** Yeastar P-Series Open API: REST and one WebSocket a client, on one port. */
export function createYeastarDialect(context: DialectContext): Dialect {
  const { limits, tallies, clock, faults, chance, guard, logger } = context;
  const log = new CallLog();
  const tokens = new Tokens({ limits, tallies, now: Date.now, hex: (digits) => chance.hex(digits) });
  const rest = new YeastarRest(context, tokens, log);
  const subscribers = new Set<Subscriber>();
  const sources = new WeakMap<object, string>();
  const sourceOf = (request: IncomingMessage): string => sources.get(request.socket) ?? 'unknown';

  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: PAYLOAD_BYTES_MAX,
  });
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://pbx');
    const allowed =
      url.pathname === `${API}subscribe` &&
      (request.headers['user-agent'] ?? '') !== '' &&
      guard.blockedUntil(sourceOf(request)) === null &&
      !faults.has('unavailable') &&
      tokens.isGood(url.searchParams.get('access_token'));
    if (!allowed) {
      refuseUpgrade(socket);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const subscriber = new Subscriber(webSocket, context, () => subscribers.delete(subscriber));
      subscribers.add(subscriber);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The vendor's box closes the connection after each answer.
    response.shouldKeepAlive = false;
    try {
      const { answer: given, manner } = await rest.handle(request, sourceOf(request));
      if (manner === 'torn') writeTorn(response, given, clock.now());
      else writeAnswer(response, given, clock.now());
    } catch (error) {
      logger.debug({ err: error }, 'a request broke off');
      response.destroy();
    }
  }

  return {
    scheme: { secure: 'https', plain: 'http' },
    blockedSources: 'answer',
    attach(socket, source) {
      sources.set(socket, source);
      server.emit('connection', socket);
    },
    tell(happening: Happening) {
      if (happening.kind === 'call.ended')
        log.add(happening.call, detailsOf(happening.call, clock.at), clock.at);
      if (subscribers.size === 0) return;
      for (const frame of framesOf(happening, { faults, chance, at: clock.at }))
        for (const subscriber of subscribers) subscriber.push(frame);
    },
    sayGoodbye: () => undefined,
    reset: () => tokens.expireAll(),
    liveTokens: () => tokens.live(),
    expireTokens: () => tokens.expireAll(),
    replaceApplication: () => undefined,
    stop() {
      webSockets.close();
      server.close();
    },
  };
}

/** What a refused upgrade looks like is not documented but for its status. */
function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
