import type { Database } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { createClient, type SocketConstructor } from '@trunkline/realtime-client';
import { storeOf } from '@trunkline/realtime-client/store';

export interface BrowserOptions {
  readonly tenant: TenantId;
  readonly token: string;
  /** Where nodes serve just now; one of them is taken, as a balancer does. */
  readonly ports: () => readonly number[];
}

const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };
/** A port where nobody is: there is nobody at all just now. */
const nobody = 9;
const topics = ['calls', 'extensions', 'pbx'];

/** Somebody who has all phones and calls of a tenant open, by the client as it is, while push nodes come and go. */
export class Browser implements Disposable {
  readonly #tenant: TenantId;
  readonly #client: ReturnType<typeof createClient>;
  /** How often something had to be told anew from the start, the first time left out. */
  resets = -topics.length;
  /** How often another connection took over. */
  moves = -1;

  constructor({ tenant, token, ports }: BrowserOptions) {
    this.#tenant = tenant;
    const WebSocket = function open(_url: string, protocols: string[]) {
      const all = ports();
      const port = all[Math.floor(Math.random() * all.length)] ?? nobody;
      return new globalThis.WebSocket(`ws://127.0.0.1:${port}/ws`, protocols);
    } as unknown as SocketConstructor;
    this.#client = createClient({
      url: 'ws://balancer/ws',
      getToken: () => token,
      topics,
      environment: { WebSocket, log: silent },
    });
    this.#client.on('topic:snapshot', () => (this.resets += 1));
    this.#client.on('serve', () => (this.moves += 1));
  }

  get isLive(): boolean {
    return topics.every((topic) => this.#client.topicStatus(topic).state === 'live');
  }

  /** Where it shows something else than the tables say: phones, and calls that go on. */
  async differences(database: Database): Promise<string[]> {
    if (!this.isLive) return [`the screen of ${this.#tenant} is not live`];
    const store = storeOf(this.#client);
    const [phones, calls] = await database.run(async (transaction) => [
      await transaction.query<{ key: string; seen: string }>(
        `select pbx_id || '/' || number as key, status || ' ' || revision as seen from extension where tenant_id = $1`,
        [this.#tenant],
      ),
      await transaction.query<{ key: string; seen: string }>(
        `select pbx_id || '/' || call_key as key, status || ' ' || revision as seen from call
         where tenant_id = $1 and status <> 'ended'`,
        [this.#tenant],
      ),
    ]);
    const shown = new Map<string, string>([
      ...store
        .list('extension')
        .map((row) => [`${row.pbx}/${row.extension}`, `${row.status} ${row.revision}`] as const),
      ...store
        .list('call')
        .filter(({ status }) => status !== 'ended')
        .map((row) => [`${row.pbx}/${row.call}`, `${row.status} ${row.revision}`] as const),
    ]);
    const stored = new Map<string, string>([...phones, ...calls].map(({ key, seen }) => [key, seen]));
    return [...new Set([...shown.keys(), ...stored.keys()])]
      .filter((key) => shown.get(key) !== stored.get(key))
      .map(
        (key) => `${key} is ${stored.get(key) ?? 'not there'} and shown as ${shown.get(key) ?? 'nothing'}`,
      );
  }

  [Symbol.dispose](): void {
    this.#client.disconnect();
  }
}
