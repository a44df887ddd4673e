import { bearerPrefix, subprotocol, type Down, type DownType, type Up } from '@trunkline/realtime-protocol';
import { parseDown } from '@trunkline/realtime-protocol/schemas';
import { withDeadline } from '@trunkline/service-kit';
import { WebSocket, type ClientOptions } from 'ws';

export interface ClientWishes {
  readonly token?: string | undefined;
  readonly protocols?: readonly string[];
  readonly path?: string;
  readonly headers?: Record<string, string>;
  /** Answers no ping. */
  readonly isSilent?: boolean;
}

/** Nothing is measured by it; a machine may be busy. */
const waitMs = 60_000;

export type DownOf<Type extends DownType> = Extract<Down, { readonly type: Type }>;

/** A client that knows nothing but the protocol, and keeps all that it hears. Every message must be one of the protocol's. */
export class TestClient implements AsyncDisposable {
  readonly webSocket: WebSocket;
  readonly heard: Down[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** The status of a refused upgrade. */
  refused: number | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(port: number, wishes: ClientWishes = {}) {
    const { token, protocols, path = '/ws', headers = {}, isSilent = false } = wishes;
    const offers = protocols ?? [subprotocol, ...(token === undefined ? [] : [`${bearerPrefix}${token}`])];
    const options: ClientOptions = { headers, perMessageDeflate: false };
    this.webSocket = new WebSocket(`ws://127.0.0.1:${port}${path}`, [...offers], options);
    this.webSocket.on('message', (data: Buffer) => this.#hear(data.toString(), isSilent));
    this.webSocket.on('error', () => undefined);
    this.webSocket.on('unexpected-response', (request, response) => {
      this.refused = response.statusCode;
      request.destroy();
      this.webSocket.terminate();
    });
    this.closed = new Promise((resolve) => {
      this.webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  say(message: Up): void {
    this.webSocket.send(JSON.stringify(message));
  }

  /** The first message of this type, heard or yet to come, that passes. */
  async hears<Type extends DownType>(
    type: Type,
    passes: (message: DownOf<Type>) => boolean = () => true,
  ): Promise<DownOf<Type>> {
    const find = () =>
      this.heard.find(
        (message): message is DownOf<Type> => message.type === type && passes(message as DownOf<Type>),
      );
    return await this.#wait(find, `a message "${type}"`);
  }

  async until<Value>(look: () => Value | undefined | false, what = 'what was wanted'): Promise<Value> {
    return await this.#wait(() => {
      const value = look();
      return value === false ? undefined : value;
    }, what);
  }

  of<Type extends DownType>(type: Type): DownOf<Type>[] {
    return this.heard.filter((message): message is DownOf<Type> => message.type === type);
  }

  /** Subscribes, and waits for the last part of the snapshot or for the replay. */
  async subscribe(...topics: string[]): Promise<void> {
    this.say({ type: 'subscribe', topics: topics.map((topic) => ({ topic })) });
    for (const topic of topics) await this.hears('snapshot', (part) => part.topic === topic && part.last);
  }

  async ending(): Promise<{ readonly code: number; readonly reason: string }> {
    return await withDeadline(this.closed, waitMs, `the end of a connection that heard ${this.#types()}`);
  }

  async #wait<Value>(find: () => Value | undefined, what: string): Promise<Value> {
    const { promise, resolve } = Promise.withResolvers<Value>();
    const look = (): void => {
      const found = find();
      if (found === undefined) return;
      this.#waiting.delete(look);
      resolve(found);
    };
    this.#waiting.add(look);
    look();
    const gone = this.closed.then(({ code, reason }) => {
      throw new Error(`closed with ${code} ${reason} before ${what}; heard ${this.#types()}`);
    });
    gone.catch(() => undefined);
    try {
      return await withDeadline(Promise.race([promise, gone]), waitMs, what);
    } catch (error) {
      throw new Error(`${what} did not come; heard ${this.heard.length}, last ${this.#types()}`, {
        cause: error,
      });
    }
  }

  #hear(text: string, isSilent: boolean): void {
    const message = parseDown(text);
    this.heard.push(message);
    if (message.type === 'ping' && !isSilent) {
      this.say({ type: 'pong', ...(message.id !== undefined && { id: message.id }) });
    }
    for (const look of this.#waiting) look();
  }

  #types(): string {
    return JSON.stringify(this.heard.slice(-30).map(({ type }) => type));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.webSocket.terminate();
    await this.closed;
  }
}
