import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startFaultProxy, type FaultProxy } from '@trunkline/backing-services/testing';
import { sleep } from '@trunkline/service-kit';

export interface ConnectorTask {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Somebody took the lease of a PBX and with it an epoch. */
export interface LeaseTaken {
  readonly pbx: string;
  readonly epoch: number;
  readonly by: string;
}

/** Lines of a process that ended, and lines of all of them. */
const LAST_WORDS = 12;
const LOG_LINES_MAX = 20_000;

const main = new URL('../../../apps/connector/src/main.ts', import.meta.url).pathname;

/** What one place in the fleet keeps while processes come and go in it: its way to the stores, which can be cut. */
interface Place {
  readonly name: string;
  readonly database: FaultProxy;
  readonly redis: FaultProxy;
  child: ChildProcess | null;
  /** How many faults keep it from a store just now; a process that can't start then ends, and is started again. */
  cuts: number;
}

/**
 * Connectors as they are deployed, each a process with its own way to PostgreSQL and Redis, replaced when it dies. Only
 * ever signalled by their own pids.
 */
export class ConnectorFleet implements AsyncDisposable {
  readonly #task: ConnectorTask;
  readonly #places: Place[] = [];
  readonly leases: LeaseTaken[] = [];
  readonly log: string[] = [];
  #isDisposed = false;
  /** The last words of each process that ended by itself. */
  readonly crashes: string[] = [];

  private constructor(task: ConnectorTask) {
    this.#task = task;
  }

  static async start(count: number, task: ConnectorTask): Promise<ConnectorFleet> {
    const fleet = new ConnectorFleet(task);
    for (let index = 0; index < count; index++) {
      const [database, redis] = await Promise.all([
        startFaultProxy({ port: Number(new URL(task.databaseUrl).port) }),
        startFaultProxy({ port: Number(new URL(task.redisUrl).port) }),
      ]);
      const place: Place = { name: `connector-${index + 1}`, database, redis, child: null, cuts: 0 };
      fleet.#places.push(place);
      fleet.#spawn(place);
    }
    return fleet;
  }

  get size(): number {
    return this.#places.length;
  }

  async kill(index: number, awayMs: number): Promise<void> {
    const place = this.#placeAt(index);
    place.child?.kill('SIGKILL');
    await sleep(awayMs);
    if (!this.#isDisposed && place.child === null) this.#spawn(place);
  }

  /** Stops one as a deployment does, and starts the next in its place. */
  async restart(index: number): Promise<void> {
    const place = this.#placeAt(index);
    const { child } = place;
    if (child === null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    await exited;
    if (!this.#isDisposed && place.child === null) this.#spawn(place);
  }

  async freeze(index: number, forMs: number): Promise<void> {
    const { child } = this.#placeAt(index);
    child?.kill('SIGSTOP');
    await sleep(forMs);
    child?.kill('SIGCONT');
  }

  /** Cuts one connector off from a store: silently, or with a reset. */
  async cutOff(
    index: number,
    store: 'database' | 'redis',
    how: 'silent' | 'refused',
    forMs: number,
  ): Promise<void> {
    const place = this.#placeAt(index);
    const proxy = place[store];
    place.cuts++;
    if (how === 'silent') {
      proxy.freeze('up', 'down');
    } else {
      proxy.refuse();
      proxy.reset();
    }
    await sleep(forMs);
    proxy.thaw();
    proxy.accept();
    place.cuts--;
    if (!this.#isDisposed && place.child === null) this.#spawn(place);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await Promise.all(
      this.#places.map(async ({ child, database, redis }) => {
        if (child !== null) {
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
        }
        await Promise.all([database.close(), redis.close()]);
      }),
    );
  }

  #placeAt(index: number): Place {
    const place = this.#places[index];
    if (place === undefined) throw new RangeError(`there is no connector ${index}`);
    return place;
  }

  #spawn(place: Place): void {
    const { databaseUrl, redisUrl, prefix, environment } = this.#task;
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: place.database.through(databaseUrl),
        REDIS_URL: place.redis.through(redisUrl),
        TRUNKLINE_REDIS_PREFIX: prefix,
        ...environment,
      },
    });
    place.child = child;
    const name = `${place.name}/${child.pid}`;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#hear(name, line));
    }
    child.once('exit', (code, signal) => {
      if (place.child === child) place.child = null;
      // Signals come from here only, also one that meets a process which has not begun to listen for it.
      if (signal !== null || code === 0 || place.cuts > 0) return;
      const last = this.log.filter((line) => line.startsWith(`${name} `)).slice(-LAST_WORDS);
      this.crashes.push([`${name} ended with code ${code}`, ...last].join('\n'));
    });
  }

  #hear(by: string, line: string): void {
    this.log.push(`${by} ${line}`);
    if (this.log.length > LOG_LINES_MAX) this.log.splice(0, LOG_LINES_MAX / 2);
    const { pbx, epoch } = leaseIn(line) ?? {};
    if (pbx !== undefined && epoch !== undefined) this.leases.push({ pbx, epoch, by });
  }
}

function leaseIn(line: string): { pbx?: string; epoch?: number } | null {
  if (!line.includes('"lease taken for PBX')) return null;
  return JSON.parse(line) as { pbx?: string; epoch?: number };
}
