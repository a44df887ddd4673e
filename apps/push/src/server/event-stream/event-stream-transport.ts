import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Transport } from '../../session/session.ts';
import { answerProblem, type StreamProblem } from './answer-problem.ts';
import { readEvents, type StreamEvent } from './read-events.ts';
import type { StreamPositions } from './stream-positions.ts';

export interface EventStreamOptions {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly address: string;
  readonly positions: StreamPositions;
  /** The token was found good: now is the time to begin the stream, or to refuse it. */
  readonly onConnected: () => void;
  /** A topic has ended by itself, and this client has no way to ask for it again but to come back. */
  readonly onTopicOver: () => void;
}

/** A peer that does not take the end of its stream is cut off. */
const closeMs = 5_000;

/**
 * A session's words as events of an HTTP response. What comes before the token was found good is held back, so that a refusal
 * is an answer with a status, which is all that many clients look at.
 */
export class EventStreamTransport implements Transport {
  readonly hasWayUp = false;
  readonly address: string;
  readonly #options: EventStreamOptions;
  readonly #held: StreamEvent[] = [];
  #isOpen = false;
  #problem: StreamProblem = { kind: 'internal', message: 'the stream could not begin' };

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.address = options.address;
  }

  get isFull(): boolean {
    return this.#options.response.writableNeedDrain;
  }

  get waiting(): number {
    return this.#options.response.writableLength;
  }

  open(): void {
    this.#isOpen = true;
    this.#options.response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      // Proxies that collect answers before they pass them on are asked not to.
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    this.#tell(this.#held.splice(0));
  }

  write(bytes: Buffer): void {
    const events = readEvents(bytes);
    if (this.#isOpen) this.#tell(events);
    else this.#hold(events);
  }

  close(): void {
    const { response, socket } = this.#options;
    if (this.#isOpen) response.end();
    else answerProblem(response, this.#problem);
    const cut = setTimeout(() => socket.destroy(), closeMs);
    cut.unref();
    response.once('close', () => clearTimeout(cut));
  }

  #hold(events: readonly StreamEvent[]): void {
    for (const event of events) {
      if (event.problem !== null) this.#problem = event.problem;
      this.#held.push(event);
      if (event.type === 'connected') this.#options.onConnected();
    }
  }

  #tell(events: readonly StreamEvent[]): void {
    const { response, positions, onTopicOver } = this.#options;
    if (response.writableEnded || response.destroyed) return;
    let text = '';
    for (const { lines, move } of events) {
      if (move !== null) positions.apply(move);
      const id = move === null ? '' : positions.id;
      text += id === '' ? `${lines}\n` : `${lines}id: ${id}\n\n`;
    }
    response.write(text);
    if (events.some(({ endsTopic }) => endsTopic)) onTopicOver();
  }
}
