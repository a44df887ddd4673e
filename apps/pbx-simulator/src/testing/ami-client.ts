import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { Simulator } from '../contract/simulator.ts';
import { until } from './open-simulator.ts';

export type Message = Readonly<Record<string, string>>;

/** A manager client: lines, messages, and what arrived in which chunk. */
export class AmiClient {
  readonly messages: Message[] = [];
  readonly chunks: string[] = [];
  banner = '';
  closed = false;
  readonly #socket: Socket;
  #text = '';
  #id = 0;

  constructor(simulator: Simulator) {
    const { hostname, port } = new URL(simulator.address);
    const target = { host: hostname, port: Number(port) };
    this.#socket = simulator.address.startsWith('tls')
      ? connectSecurely({ ...target, rejectUnauthorized: false })
      : connect(target);
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk.toString('utf8')));
    this.#socket.on('close', () => (this.closed = true));
    this.#socket.on('error', () => undefined);
  }

  /** Sends an action and waits for its response. */
  async act(action: string, headers: Readonly<Record<string, string>> = {}): Promise<Message> {
    this.#id += 1;
    const id = String(this.#id);
    const lines = Object.entries({ Action: action, ActionID: id, ...headers });
    this.#socket.write(`${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    const isAnswer = (message: Message): boolean =>
      message['ActionID'] === id && message['Response'] !== undefined;
    await until(() => this.messages.some(isAnswer) || this.closed, `a response to ${action}`);
    return this.messages.find(isAnswer) ?? {};
  }

  async list(
    action: string,
    complete: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Message[]> {
    const { ActionID: id } = await this.act(action, headers);
    const mine = (): Message[] =>
      this.messages.filter((one) => one['ActionID'] === id && one['Event'] !== undefined);
    await until(() => mine().some((one) => one['Event'] === complete), complete);
    return mine();
  }

  async login({ credential: { username, secret } }: Simulator, events = 'on'): Promise<Message> {
    return await this.act('Login', { Username: username, Secret: secret, Events: events });
  }

  events(name: string): Message[] {
    return this.messages.filter((message) => message['Event'] === name);
  }

  async heard(name: string, count = 1): Promise<Message[]> {
    await until(() => this.events(name).length >= count, `${count} of ${name}`);
    return this.events(name);
  }

  pause(): void {
    this.#socket.pause();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.chunks.push(chunk);
    this.#text += chunk;
    if (this.banner === '' && this.#text.includes('\r\n')) {
      this.banner = this.#text.slice(0, this.#text.indexOf('\r\n'));
      this.#text = this.#text.slice(this.#text.indexOf('\r\n') + 2);
    }
    for (let end = this.#text.indexOf('\r\n\r\n'); end >= 0; end = this.#text.indexOf('\r\n\r\n')) {
      const lines = this.#text
        .slice(0, end)
        .split('\r\n')
        .map((line) => line.split(/: ?(.*)/s, 2));
      this.messages.push(Object.fromEntries(lines) as Message);
      this.#text = this.#text.slice(end + 4);
    }
  }
}
