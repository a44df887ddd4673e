import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { freePort } from '../processes/free-port.ts';

/** `up` is what the client sends, `down` what the server answers. */
export type Direction = 'up' | 'down';

/** What to do with a piece of data: let it pass, swallow this one alone, or cut the connection before or after it went on. */
export type Ruling = 'pass' | 'swallow' | 'cut-before' | 'cut-after';

/** Sees every piece of data. A piece is what one read brought, usually one or several whole messages. */
export type Watcher = (direction: Direction, chunk: Buffer) => Ruling;

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** The same URL by way of this proxy. */
  through(url: string): string;
  /** Holds every piece back for this long, in order. 0 ends it. */
  delay(direction: Direction, ms: number): void;
  /** Passes nothing on, and tells nobody: what a half-open connection looks like. New connections freeze as well. */
  freeze(...directions: Direction[]): void;
  /** Ends `freeze`; what was held back goes on. */
  thaw(): void;
  /** Makes the connections that are open now half-open for good, while new ones work: a forgotten NAT entry. */
  strand(...directions: Direction[]): void;
  /** Swallows all data until `restore`, which resets the connections that lost some. */
  drop(...directions: Direction[]): void;
  restore(): void;
  /** Resets every connection, as a crashed peer does. */
  reset(): void;
  /** Resets every new connection at once, as when nobody listens. */
  refuse(): void;
  accept(): void;
  /** Null to stop watching. */
  watch(watcher: Watcher | null): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const HOST = '127.0.0.1';

/** A TCP proxy on a free port of the loopback that fails on command. */
export async function startFaultProxy(target: { host?: string; port: number }): Promise<FaultProxy> {
  const faults: Faults = {
    delayMs: { up: 0, down: 0 },
    frozen: new Set(),
    dropping: new Set(),
    watcher: null,
  };
  const lines = new Set<Line>();
  let refusing = false;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host: target.host ?? HOST, port: target.port, allowHalfOpen: true });
    const line = new Line(client, upstream, faults, () => lines.delete(line));
    lines.add(line);
  });
  const port = await freePort();
  server.listen(port, HOST);
  await once(server, 'listening');

  async function close(): Promise<void> {
    for (const line of lines) line.cut();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  }

  return {
    host: HOST,
    port,
    get connections() {
      return lines.size;
    },
    through(url) {
      const changed = new URL(url);
      changed.host = `${HOST}:${port}`;
      return changed.toString();
    },
    delay(direction, ms) {
      faults.delayMs[direction] = ms;
    },
    freeze(...directions) {
      for (const direction of directions.length === 0 ? BOTH : directions) faults.frozen.add(direction);
    },
    thaw() {
      faults.frozen.clear();
      for (const line of lines) line.resume();
    },
    strand(...directions) {
      for (const line of lines) line.strand(directions.length === 0 ? BOTH : directions);
    },
    drop(...directions) {
      for (const direction of directions.length === 0 ? BOTH : directions) faults.dropping.add(direction);
    },
    restore() {
      faults.dropping.clear();
      for (const line of lines) if (line.lostData) line.cut();
    },
    reset() {
      for (const line of lines) line.cut();
    },
    refuse() {
      refusing = true;
    },
    accept() {
      refusing = false;
    },
    watch(watcher) {
      faults.watcher = watcher;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const BOTH: readonly Direction[] = ['up', 'down'];

interface Faults {
  readonly delayMs: Record<Direction, number>;
  readonly frozen: Set<Direction>;
  readonly dropping: Set<Direction>;
  watcher: Watcher | null;
}

/** One client and its connection to the server. Each direction is a queue, so that no fault changes the order. */
class Line {
  lostData = false;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #faults: Faults;
  readonly #onEnd: () => void;
  readonly #held: Record<Direction, (Buffer | 'end')[]> = { up: [], down: [] };
  readonly #stranded = new Set<Direction>();
  readonly #pumping: Record<Direction, boolean> = { up: false, down: false };
  #over = false;

  constructor(client: Socket, upstream: Socket, faults: Faults, onEnd: () => void) {
    this.#client = client;
    this.#upstream = upstream;
    this.#faults = faults;
    this.#onEnd = onEnd;
    this.#listen('up', client);
    this.#listen('down', upstream);
  }

  cut(): void {
    if (this.#over) return;
    this.#over = true;
    this.#client.resetAndDestroy();
    this.#upstream.resetAndDestroy();
    this.#onEnd();
  }

  strand(directions: readonly Direction[]): void {
    for (const direction of directions) this.#stranded.add(direction);
  }

  resume(): void {
    for (const direction of BOTH) void this.#pump(direction);
  }

  #listen(direction: Direction, from: Socket): void {
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => this.#take(direction, chunk));
    from.on('end', () => this.#take(direction, 'end'));
    from.on('error', () => this.#closed());
    from.on('close', () => this.#closed());
  }

  /** A closed socket is news too: a frozen link does not bring it. */
  #closed(): void {
    if (this.#faults.frozen.size === 0 && this.#stranded.size === 0) this.cut();
  }

  #take(direction: Direction, piece: Buffer | 'end'): void {
    this.#held[direction].push(piece);
    void this.#pump(direction);
  }

  async #pump(direction: Direction): Promise<void> {
    if (this.#pumping[direction]) return;
    this.#pumping[direction] = true;
    while (!this.#over && !this.#isSilent(direction)) {
      const delayMs = this.#faults.delayMs[direction];
      if (delayMs > 0 && this.#held[direction].length > 0)
        await new Promise((done) => setTimeout(done, delayMs));
      if (this.#over || this.#isSilent(direction)) break;
      const piece = this.#held[direction].shift();
      if (piece === undefined) break;
      this.#pass(direction, piece);
    }
    this.#pumping[direction] = false;
  }

  #isSilent(direction: Direction): boolean {
    return this.#faults.frozen.has(direction) || this.#stranded.has(direction);
  }

  #pass(direction: Direction, piece: Buffer | 'end'): void {
    const to = direction === 'up' ? this.#upstream : this.#client;
    if (piece === 'end') {
      to.end();
      return;
    }
    if (this.#faults.dropping.has(direction)) {
      this.lostData = true;
      return;
    }
    const ruling = this.#faults.watcher?.(direction, piece) ?? 'pass';
    if (ruling === 'swallow') return;
    if (ruling === 'cut-before') {
      this.cut();
      return;
    }
    to.write(piece, () => {
      if (ruling === 'cut-after') this.cut();
    });
  }
}
