import type { WebSocket } from 'ws';
import { Outlet } from '../../faults/outlet.ts';
import { countSocketClosed, countSocketOpened } from '../../tallies.ts';
import { breakJson } from '../break-json.ts';
import type { DialectContext } from '../dialect.ts';
import { reply } from './errors.ts';
import type { Frame } from './event-frames.ts';

const TOPIC_MIN = 30_005;
const TOPIC_MAX = 30_039;

/** One WebSocket: what it has subscribed to, its heartbeats, and its end when nothing is heard for too long. */
export class Subscriber {
  readonly #socket: WebSocket;
  readonly #context: DialectContext;
  readonly #outlet: Outlet;
  #topics: ReadonlySet<number> = new Set();
  #stopIdle: () => void = () => undefined;

  constructor(socket: WebSocket, context: DialectContext, onClose: () => void) {
    const { faults, chance, tallies, delays } = context;
    this.#socket = socket;
    this.#context = context;
    this.#outlet = new Outlet({
      send: (text) => this.#send(text),
      breakFrame: breakJson,
      faults,
      chance,
      tallies,
      delays,
    });
    countSocketOpened(tallies);
    socket.on('message', (data: Buffer) => this.#heard(data.toString('utf8')));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#stopIdle();
      countSocketClosed(tallies);
      onClose();
    });
    this.#watchIdle();
  }

  push({ topic, text }: Frame): void {
    if (this.#topics.has(topic)) this.#outlet.push(text);
  }

  #heard(text: string): void {
    this.#watchIdle();
    if (text.trim() === 'heartbeat') {
      this.#context.tallies.heartbeats += 1;
      this.#send('heartbeat response');
      return;
    }
    const topics = topicsOf(text);
    if (topics === null) this.#send(JSON.stringify(reply('syntax')));
    else if (!topics.every((topic) => topic >= TOPIC_MIN && topic <= TOPIC_MAX))
      this.#send(JSON.stringify(reply('parameter')));
    else {
      this.#topics = new Set(topics);
      this.#send(JSON.stringify(reply('success')));
    }
  }

  #send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }

  /** Only what the client says counts: events that it merely receives don't keep it. */
  #watchIdle(): void {
    const { timers, limits } = this.#context;
    this.#stopIdle();
    this.#stopIdle = timers.after(limits.idleMs, () => this.#socket.close(1000));
  }
}

function topicsOf(text: string): number[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('topic_list' in parsed)) return null;
    const list: unknown = parsed.topic_list;
    if (!Array.isArray(list) || list.length === 0) return null;
    const topics = list.filter((topic): topic is number => typeof topic === 'number');
    return topics.length === list.length ? topics : null;
  } catch {
    return null;
  }
}
