import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { subprotocol } from '@trunkline/realtime-protocol';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { Session } from '../session/session.ts';
import type { Door, DoorHost } from './door.ts';
import { readOffers } from './read-offers.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { WebSocketTransport } from './web-socket-transport.ts';

/** A message of a client fits into few fragments, if its browser makes any at all. */
const fragmentsMax = 16;
const chunksMax = 256;
const closeMs = 5_000;

/** Lets WebSockets in. Who they are is found out behind the door, since a browser is told nothing of a refused upgrade. */
export function createWebSocketDoor(host: DoorHost): Door<Socket> {
  // Named by itself, since the types of ws are behind its options.
  const options: ServerOptions & { closeTimeout: number; maxPendingAutoPongs: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: host.tuning.messageBytesMax,
    maxFragments: fragmentsMax,
    maxBufferedChunks: chunksMax,
    closeTimeout: closeMs,
    // Pings of the transport count as messages; that limit comes first.
    maxPendingAutoPongs: 2 * host.tuning.messages.atOnce,
    handleProtocols: () => subprotocol,
  };
  const server = new WebSocketServer(options);

  function enter(webSocket: WebSocket, socket: Socket, address: string, token: string | null): void {
    const session = new Session(host.sessions, new WebSocketTransport(webSocket, socket, address));
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) session.end('malformed', 'messages are text');
      else session.hear(data.toString());
    });
    webSocket.on('ping', () => session.hearBare());
    webSocket.on('error', (error) => host.onBroken(error));
    webSocket.on('close', () => {
      session.onClosed();
      host.left(session);
    });
    socket.on('drain', () => session.onDrain());
    host.entered(session);
    if (host.isFull())
      session.end('overloaded', 'this server has as many clients as it can serve', host.fullRetryMs);
    else session.begin(token);
  }

  return {
    open(request: IncomingMessage, socket: Socket, head: Buffer, address: string) {
      const { speaksOurs, token } = readOffers(request.headers['sec-websocket-protocol']);
      if (!speaksOurs) {
        host.leftEarly(address);
        refuseUpgrade(socket, 400, `offer the subprotocol ${subprotocol}\n`);
        return;
      }
      let isIn = false;
      socket.once('close', () => {
        if (!isIn) host.leftEarly(address);
      });
      server.handleUpgrade(request, socket, head, (webSocket) => {
        isIn = true;
        enter(webSocket, socket, address, token);
      });
    },
  };
}
