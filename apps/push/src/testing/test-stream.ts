import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Down, DownType } from '@trunkline/realtime-protocol';
import { parseDown } from '@trunkline/realtime-protocol/schemas';
import { waitFor } from './wait-for.ts';
import type { DownOf } from './test-client.ts';

export interface StreamWishes {
  readonly topics?: string;
  readonly token?: string;
  readonly lastEventId?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** A reader of event streams that knows nothing but what the standard says of them, and keeps all that it hears. */
export class TestStream implements AsyncDisposable {
  readonly heard: Down[] = [];
  lastEventId = '';
  retryMs: number | undefined;
  isOver = false;
  #body = '';
  #request: ClientRequest;
  #response: IncomingMessage | undefined;

  constructor(port: number, wishes: StreamWishes = {}) {
    const { topics = '', token, lastEventId, method = 'GET', headers = {} } = wishes;
    this.#request = request({
      port,
      host: '127.0.0.1',
      agent: false,
      method,
      path: wishes.path ?? `/sse?topics=${topics}`,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
        ...headers,
      },
    });
    this.#request.on('response', (response) => this.#begin(response));
    this.#request.on('error', () => (this.isOver = true));
    this.#request.end();
  }

  async answer(): Promise<IncomingMessage> {
    return await waitFor(() => this.#response, 'an answer');
  }

  /** The status of a refusal, and its problem. */
  async refusal(): Promise<Record<string, unknown>> {
    const { statusCode, headers } = await this.answer();
    await this.ending();
    const problem = JSON.parse(this.#body) as Record<string, unknown>;
    return { answered: statusCode, retryAfter: headers['retry-after'], ...problem };
  }

  async ending(): Promise<void> {
    await waitFor(() => this.isOver, 'the end of a stream');
  }

  async hears<Type extends DownType>(
    type: Type,
    passes: (message: DownOf<Type>) => boolean = () => true,
  ): Promise<DownOf<Type>> {
    return await waitFor(() => this.of(type).find(passes), `an event "${type}"`);
  }

  async until(look: () => unknown, what = 'what was wanted'): Promise<void> {
    await waitFor(() => look() === true, what);
  }

  of<Type extends DownType>(type: Type): DownOf<Type>[] {
    return this.heard.filter((message): message is DownOf<Type> => message.type === type);
  }

  /** Every topic stands somewhere. */
  async stands(...topics: string[]): Promise<void> {
    for (const topic of topics) {
      await waitFor(
        () =>
          this.of('replayed').some((one) => one.topic === topic) ||
          this.of('snapshot').some((one) => one.topic === topic && one.last),
        `the state of ${topic}`,
      );
    }
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  #begin(response: IncomingMessage): void {
    this.#response = response;
    response.setEncoding('utf8');
    const isStream = response.headers['content-type'] === 'text/event-stream';
    response.on('data', (text: string) => {
      this.#body += text;
      if (isStream) this.#readBlocks();
    });
    response.on('error', () => undefined);
    response.on('close', () => (this.isOver = true));
  }

  #readBlocks(): void {
    const blocks = this.#body.split('\n\n');
    this.#body = blocks.pop() ?? '';
    for (const block of blocks) this.#read(block);
  }

  /** Every event must be a message of the protocol, and be named for it. */
  #read(block: string): void {
    let event = '';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ');
      const [field, value] = [line.slice(0, colon), line.slice(colon + 2)];
      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') this.lastEventId = value;
      else if (field === 'retry') this.retryMs = Number(value);
    }
    const message = parseDown(data.join('\n'));
    if (message.type !== event) throw new Error(`an event "${event}" holds a message "${message.type}"`);
    this.heard.push(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#request.destroy();
    await this.ending();
  }
}
