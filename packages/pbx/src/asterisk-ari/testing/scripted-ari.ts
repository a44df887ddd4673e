import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** An answer, or null for none at all. */
export type Script = (method: string, path: string, body: string) => { status: number; body: unknown } | null;

export interface ScriptedAri extends AsyncDisposable {
  readonly address: string;
  /** `METHOD /path?query` of every request, the upgrade included. */
  readonly requests: string[];
  readonly authorizations: Set<string>;
  /** The open event sockets, oldest first. */
  readonly sockets: WebSocket[];
  /** Sends a frame on all event sockets. */
  say(raw: string): void;
}

/** A fake that speaks just enough ARI to play a script on real sockets. */
export async function startScriptedAri(
  script: Script,
  refuseUpgrade: number | null = null,
): Promise<ScriptedAri> {
  const requests: string[] = [];
  const authorizations = new Set<string>();
  const connections = new Set<Socket>();
  const sockets: WebSocket[] = [];
  const note = (request: IncomingMessage): void => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    authorizations.add(request.headers.authorization ?? '');
  };
  const server = createServer((request, response) => {
    note(request);
    void answer(script, request, response);
  });
  const upgrader = new WebSocketServer({ noServer: true });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    note(request);
    if (refuseUpgrade === null)
      upgrader.handleUpgrade(request, socket, head, (webSocket) => sockets.push(webSocket));
    else socket.end(`HTTP/1.1 ${refuseUpgrade} No\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    authorizations,
    sockets,
    say: (raw) => {
      for (const socket of sockets) socket.send(raw);
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of connections) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

async function answer(script: Script, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
  const said = script(request.method ?? '', decodeURIComponent(request.url ?? ''), body);
  if (said === null) return;
  response.writeHead(said.status, { 'content-type': 'application/json' });
  response.end(said.status === 204 ? '' : JSON.stringify(said.body));
}
