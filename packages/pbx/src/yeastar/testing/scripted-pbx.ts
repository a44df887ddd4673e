import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Endpoint } from '../../transport/endpoint.ts';

interface Asked {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly userAgent: string | undefined;
}

type Script = (asked: Asked) => unknown;

/**
 * The least that answers like a PBX, for tests of what a whole simulator doesn't do on demand: each REST call is answered
 * by what the test's script returns, as JSON, or as HTTP alone where it returns a number.
 */
export class ScriptedPbx implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly sockets: WebSocket[] = [];
  readonly heard: string[] = [];
  script: Script;
  /** Leaves unanswered what the script has no answer to. */
  hang = false;
  /** The answer to a text frame; null for none. */
  answer: (frame: string) => string | null = (frame) =>
    frame === 'heartbeat' ? 'heartbeat response' : '{"errcode":0,"errmsg":"SUCCESS"}';
  /** HTTP status that refuses an upgrade; 0 lets it pass. */
  refuseUpgrade: (token: string) => number = () => 0;
  readonly #server = createServer((request, response) => {
    void this.#read(request).then((asked) => {
      this.asked.push(asked);
      const told = this.script(asked);
      if (told === undefined && this.hang) return;
      if (typeof told === 'number') response.writeHead(told).end('no JSON');
      else response.end(JSON.stringify(told));
    });
  });
  readonly #webSockets = new WebSocketServer({ noServer: true });

  private constructor(script: Script) {
    this.script = script;
    this.#server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '', 'http://pbx');
      const status = this.refuseUpgrade(url.searchParams.get('access_token') ?? '');
      if (status !== 0) {
        socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
        return;
      }
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#take(webSocket));
    });
  }

  static async start(script: Script): Promise<ScriptedPbx> {
    const pbx = new ScriptedPbx(script);
    pbx.#server.listen(0, '127.0.0.1');
    await once(pbx.#server, 'listening');
    return pbx;
  }

  get endpoint(): Endpoint {
    const { port } = this.#server.address() as AddressInfo;
    return { address: new URL(`http://127.0.0.1:${port}`), trust: { kind: 'public' } };
  }

  /** How often a REST call was made. */
  count(name: string): number {
    return this.asked.filter((asked) => asked.name === name).length;
  }

  say(frame: string): void {
    for (const socket of this.sockets) socket.send(frame);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: WebSocket): void {
    this.sockets.push(socket);
    socket.on('message', (data: Buffer) => {
      const frame = data.toString('utf8');
      this.heard.push(frame);
      const answer = this.answer(frame);
      if (answer !== null) socket.send(answer);
    });
  }

  async #read(request: IncomingMessage): Promise<Asked> {
    let text = '';
    for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString('utf8');
    const url = new URL(request.url ?? '', 'http://pbx');
    return {
      name: url.pathname.replace('/openapi/v1.0/', ''),
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      userAgent: request.headers['user-agent'],
    };
  }
}

/** Grants tokens `access-1`, `access-2` and so on, and answers the rest as a PBX at rest does. */
export function restingPbx(overrides: Readonly<Record<string, Script>> = {}): Script {
  let granted = 0;
  const grant = () => ({
    errcode: 0,
    access_token: `access-${++granted}`,
    access_token_expire_time: 1800,
    refresh_token: `refresh-${granted}`,
    refresh_token_expire_time: 86_400,
  });
  const resting: Readonly<Record<string, Script>> = {
    get_token: grant,
    refresh_token: grant,
    del_token: () => ({ errcode: 0 }),
    'system/information': () => ({ errcode: 0, model: 'P570', firmware: '37.23.0.83', sn: '3631A2124000' }),
    'extension_status_monitor/list': () => ({ errcode: 0, total_number: 0, data: [] }),
    'extension/list': () => ({ errcode: 60001 }),
    'call/query': () => ({ errcode: 60001 }),
    ...overrides,
  };
  return (asked) => resting[asked.name]?.(asked) ?? { errcode: 10001, errmsg: 'INTERFACE NOT EXISTED' };
}
