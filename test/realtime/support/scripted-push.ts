import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compareOffsets, subprotocol, type Down, type Up } from '@trunkline/realtime-protocol';
import { WebSocketServer, type WebSocket } from 'ws';

interface Entry {
  readonly topic: string;
  readonly type: string;
  readonly offset: string;
  readonly rows: readonly object[];
}

interface Session {
  readonly socket: WebSocket;
  readonly topics: Set<string>;
}

export interface ScriptedPushOptions {
  readonly port?: number;
  readonly heartbeatMs?: number;
  readonly expiresInMs?: number;
}

/**
 * A server that speaks the realtime protocol on real sockets, keeps everything in memory, and does what a test tells it. It
 * shares no code with push: what both understand, a stranger's server would understand too.
 */
export class ScriptedPush implements AsyncDisposable {
  readonly epoch = 'scripted';
  readonly sessions = new Set<Session>();
  readonly heard: Up[] = [];
  /** Upgrades ever accepted. */
  accepted = 0;
  /** What a snapshot of a topic holds. */
  readonly snapshots = new Map<string, Record<string, readonly object[]>>();
  /** New connections are closed with this code instead of being served. */
  refuseWith: number | undefined;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #log: Entry[] = [];
  readonly #options: Required<Omit<ScriptedPushOptions, 'port'>>;
  #last = 0;
  #beats: NodeJS.Timeout | undefined;

  constructor(server: Server, options: ScriptedPushOptions) {
    this.#server = server;
    this.#options = { heartbeatMs: 1_000, expiresInMs: 3_600_000, ...options };
    this.#webSockets = new WebSocketServer({
      server,
      path: '/ws',
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    });
    this.#webSockets.on('connection', (socket, request) => this.#accept(socket, request));
    this.#beats = setInterval(() => this.#beat(), this.#options.heartbeatMs);
  }

  static async start(options: ScriptedPushOptions = {}, server = createServer()): Promise<ScriptedPush> {
    const push = new ScriptedPush(server, options);
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return push;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  /** What was committed: kept, and told to whoever wants the topic. */
  publish(topic: string, type: string, ...rows: object[]): void {
    const entry = { topic, type, offset: this.#next(), rows };
    this.#log.push(entry);
    for (const session of this.sessions)
      if (session.topics.has(topic)) this.#say(session, entry as unknown as Down);
  }

  say(message: object): void {
    for (const session of this.sessions) this.#say(session, message as Down);
  }

  closeAll(code: number, reason = ''): void {
    for (const { socket } of this.sessions) socket.close(code, reason);
  }

  #next(): string {
    return `${(this.#last += 1)}-0`;
  }

  #accept(socket: WebSocket, { headers }: IncomingMessage): void {
    this.accepted += 1;
    if (this.refuseWith !== undefined) return socket.close(this.refuseWith, 'scripted');
    const session: Session = { socket, topics: new Set() };
    this.sessions.add(session);
    socket.on('close', () => this.sessions.delete(session));
    socket.on('message', (data) => this.#hear(session, JSON.parse((data as Buffer).toString()) as Up));
    const bearer = String(headers['sec-websocket-protocol'])
      .split(/, */)
      .find((one) => one.startsWith('bearer.'));
    const { heartbeatMs, expiresInMs } = this.#options;
    const limits = { messageBytesMax: 32_768, topicsMax: 256, messagesPerSecond: 20, messagesAtOnce: 100 };
    const time = new Date().toISOString();
    this.#say(session, {
      type: 'hello',
      version: 1,
      time,
      heartbeatMs,
      authWithinMs: 10_000,
      spreadMs: 0,
      limits,
    });
    if (bearer === undefined) return socket.close(4401, 'auth_required');
    const scopes = ['calls:read', 'calls:control'];
    this.#say(session, {
      type: 'connected',
      connection: String(this.accepted),
      tenant: 't1',
      user: 'ana',
      scopes,
      expiresInMs,
    });
  }

  #hear(session: Session, message: Up): void {
    this.heard.push(message);
    switch (message.type) {
      case 'ping':
        return this.#say(
          session,
          message.id === undefined ? { type: 'pong' } : { type: 'pong', id: message.id },
        );
      case 'pong':
        return;
      case 'auth':
        return this.#say(session, { type: 'renewed', scopes: [], expiresInMs: this.#options.expiresInMs });
      case 'subscribe':
      case 'resume':
        for (const { topic, epoch, offset } of message.topics) this.#answer(session, topic, epoch, offset);
        return;
      case 'unsubscribe':
        for (const topic of message.topics) {
          session.topics.delete(topic);
          this.#say(session, { type: 'unsubscribed', topic });
        }
        return;
      case 'command':
        this.#say(session, { type: 'result', id: message.id, ok: true, result: {} });
    }
  }

  #answer(session: Session, topic: string, epoch?: string, offset?: string): void {
    const at = { topic, epoch: this.epoch, offset: `${this.#last}-0` };
    session.topics.add(topic);
    if (epoch !== this.epoch || offset === undefined) {
      this.#say(session, { type: 'reset', ...at, reason: 'new', resumable: false });
      const rows = this.snapshots.get(topic) ?? {};
      return this.#say(session, { type: 'snapshot', topic, part: 0, last: true, rows });
    }
    const missed = this.#log.filter(
      (entry) => entry.topic === topic && compareOffsets(entry.offset, offset) > 0,
    );
    for (const entry of missed) this.#say(session, entry as unknown as Down);
    this.#say(session, { type: 'replayed', ...at, count: missed.length });
  }

  #beat(): void {
    this.say({ type: 'ping', epoch: this.epoch, offset: `${this.#last}-0` });
  }

  #say({ socket }: Session, message: Down): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beats);
    this.#beats = undefined;
    for (const socket of this.#webSockets.clients) socket.terminate();
    this.#webSockets.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
