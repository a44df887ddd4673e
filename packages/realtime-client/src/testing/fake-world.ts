import type { Environment, PageSignal, SocketLike } from '../environment/environment.ts';

/** A world whose time passes when a test says so. */
export class FakeWorld {
  now = 1_000;
  wall = 1_700_000_000_000;
  chance = 0.5;
  online = true;
  visible = true;
  readonly sockets: FakeSocket[] = [];
  readonly logged: { readonly level: string; readonly message: string }[] = [];
  readonly listeners = new Set<(signal: PageSignal) => void>();
  readonly #timers = new Map<number, { readonly due: number; readonly callback: () => void }>();
  #lastTimer = 0;

  readonly environment: Environment;

  constructor() {
    const { sockets } = this;
    const log = (level: string) => (message: string) => void this.logged.push({ level, message });
    this.environment = {
      WebSocket: class extends FakeSocket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          sockets.push(this);
        }
      },
      now: () => this.now,
      wallNow: () => this.wall,
      random: () => this.chance,
      setTimer: (callback, ms) => {
        this.#timers.set((this.#lastTimer += 1), { due: this.now + Math.max(0, ms), callback });
        return this.#lastTimer;
      },
      clearTimer: (timer) => void this.#timers.delete(timer as number),
      nextFrame: (callback) => void this.environment.setTimer(callback, 16),
      isOnline: () => this.online,
      isVisible: () => this.visible,
      listen: (listener) => {
        this.listeners.add(listener);
        return () => void this.listeners.delete(listener);
      },
      location: { protocol: 'https:', host: 'crm.example' },
      log: { debug: log('debug'), warn: log('warn'), error: log('error') },
    };
  }

  get timers(): number {
    return this.#timers.size;
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error('no socket was opened');
    return last;
  }

  get openSockets(): FakeSocket[] {
    return this.sockets.filter(({ readyState }) => readyState < 2);
  }

  /** Time passes; every timer rings when it is due. Promises get their turn in between. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const next = [...this.#timers]
        .filter(([, { due }]) => due <= end)
        .sort(([, a], [, b]) => a.due - b.due)[0];
      if (next === undefined) break;
      const [timer, { due, callback }] = next;
      this.#timers.delete(timer);
      this.#advance(due - this.now);
      callback();
      await settle();
    }
    this.#advance(end - this.now);
  }

  /** The machine sleeps: time passes and no timer rings; afterwards all that are due ring late. */
  async sleep(ms: number, { monotonic = true } = {}): Promise<void> {
    this.wall += ms;
    if (monotonic) this.now += ms;
    await this.pass(monotonic ? 0 : 5_000);
  }

  signal(signal: PageSignal): void {
    for (const listener of this.listeners) listener(signal);
  }

  #advance(ms: number): void {
    if (ms <= 0) return;
    this.now += ms;
    this.wall += ms;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** A socket whose other end is the test. */
export class FakeSocket implements SocketLike {
  readyState = 0;
  readonly sent: Record<string, unknown>[] = [];
  closedWith: number | undefined;
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text: string): void {
    if (this.readyState !== 1) throw new Error('this socket is not open');
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(code = 1000): void {
    this.closedWith = code;
    this.readyState = 3;
  }

  /** What was sent of one type. */
  sentOf(type: string): Record<string, unknown>[] {
    return this.sent.filter((message) => message['type'] === type);
  }

  say(message: object): void {
    (this.onmessage as ((event: object) => void) | null)?.({ data: JSON.stringify(message) });
  }

  sayText(data: unknown): void {
    (this.onmessage as ((event: object) => void) | null)?.({ data });
  }

  /** The server accepts, greets and knows who it is. */
  serve({ spreadMs = 0, expiresInMs = 3_600_000, user = 'ana', heartbeatMs = 20_000 } = {}): this {
    this.readyState = 1;
    const limits = { messageBytesMax: 32_768, topicsMax: 256, messagesPerSecond: 20, messagesAtOnce: 100 };
    const time = '2026-03-01T09:00:00.000Z';
    this.say({ type: 'hello', version: 1, time, heartbeatMs, authWithinMs: 10_000, spreadMs, limits });
    this.say({
      type: 'connected',
      connection: 'c1',
      tenant: 't1',
      user,
      scopes: ['calls:read'],
      expiresInMs,
    });
    return this;
  }

  /** The server, or the network, closes it. */
  drop(code = 1006, reason = ''): void {
    this.readyState = 3;
    (this.onclose as ((event: object) => void) | null)?.({ code, reason });
  }

  fail(kind: string, code: number, more: object = {}): void {
    this.say({ type: 'error', kind, message: `${kind}, said the server`, ...more });
    this.drop(code, kind);
  }
}
