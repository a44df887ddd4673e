/** Many browsers in a process of their own: the client as it is, on real sockets. */
import { createClient, type SocketConstructor } from '@trunkline/realtime-client';
import { taskOfThisProcess } from './child.ts';
import {
  toldMax,
  type BrowsersOrder,
  type BrowsersReply,
  type BrowsersTask,
  type BrowserTask,
  type Told,
} from './browsers.ts';

const task = await taskOfThisProcess<BrowsersTask>();
const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };
let deliveries = 0;

class Browser {
  readonly #topics: readonly string[];
  readonly client: ReturnType<typeof createClient>;
  readonly #calls = new Map<string, number>();
  #lost = 0;
  #snapshots = 0;

  constructor({ token, topics }: BrowserTask, port: number | undefined) {
    this.#topics = topics;
    const WebSocket = function open(_url: string, protocols: string[]) {
      return new globalThis.WebSocket(`ws://127.0.0.1:${port}/ws`, protocols);
    } as unknown as SocketConstructor;
    this.client = createClient({
      url: 'ws://balancer/ws',
      getToken: () => token,
      topics: [...topics],
      environment: { WebSocket, log: silent },
    });
    this.client.on('lost', () => (this.#lost += 1));
    this.client.on('topic:snapshot', () => (this.#snapshots += 1));
    this.client.on('message', () => (deliveries += 1));
    this.client.on('new_call', (row) => this.#hear(row));
    this.client.on('call_update', (row) => this.#hear(row));
  }

  get told(): Told {
    return {
      isLive: this.#topics.every((topic) => this.client.topicStatus(topic).state === 'live'),
      lost: this.#lost,
      resets: Math.max(0, this.#snapshots - this.#topics.length),
      calls: [...this.#calls],
    };
  }

  /** What was told last stands last, and what was told longest ago is forgotten. */
  #hear({ pbx, call, revision }: { pbx: string; call: string; revision: number }): void {
    const key = `${pbx}/${call}`;
    const known = this.#calls.get(key) ?? 0;
    this.#calls.delete(key);
    this.#calls.set(key, Math.max(known, revision));
    if (this.#calls.size <= toldMax) return;
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined) this.#calls.delete(oldest);
  }
}

const browsers = task.browsers.map(
  (browser, index) => new Browser(browser, task.ports[index % task.ports.length]),
);

const reply = (words: BrowsersReply): void => void process.send?.(words);
process.on('message', ({ order }: BrowsersOrder) => {
  if (order === 'tell') reply({ tell: 'told', deliveries, browsers: browsers.map(({ told }) => told) });
});
process.once('disconnect', () => {
  for (const { client } of browsers) client.disconnect();
});
reply({ tell: 'started' });
