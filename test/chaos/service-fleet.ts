import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startFaultProxy, type FaultProxy } from '@trunkline/backing-services/testing';
import { sleep } from '@trunkline/service-kit';
import { compileCache } from '../support/service-process.ts';

/** The services of a fleet, each by the room in which its main lies. */
export const services = [
  'connector',
  'lifecycle-worker',
  'cleanup-worker',
  'stuck-call-worker',
  'webhook-worker',
  'api',
  'push',
] as const;
export type ServiceName = (typeof services)[number];

export interface FleetTask {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A process that was asked to stop, and how it did. */
export interface Stopped {
  readonly service: ServiceName;
  readonly ms: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Somebody took the lease of a PBX and with it an epoch. */
export interface LeaseTaken {
  readonly pbx: string;
  readonly epoch: number;
  readonly by: string;
}

export type StoreName = 'database' | 'redis';

/**
 * How a store gets out of reach. `silent`: held back, and delivered later. `refused`: reset, and nobody listens.
 * `stranded`: what is connected stays open and dead for good, while new connections work.
 */
export type CutHow = 'silent' | 'refused' | 'stranded';

const lookMs = 50;

/** Lines of a process that ended, and lines of all of them. */
const LAST_WORDS = 12;
const LOG_LINES_MAX = 20_000;

const mainOf = (service: ServiceName): string =>
  new URL(`../../apps/${service}/src/main.ts`, import.meta.url).pathname;

/** What one place in the fleet keeps while processes come and go in it: its way to the stores, which can be cut. */
interface Place {
  readonly name: string;
  readonly service: ServiceName;
  readonly database: FaultProxy;
  /** None to what is more than one server: a cluster, or sentinels and whom they watch. */
  readonly redis: FaultProxy | null;
  run: Run | null;
  /** How many faults keep it from a store just now. */
  cuts: number;
}

/** One process in its place. */
interface Run {
  readonly child: ChildProcess;
  hasStarted: boolean;
  isStopping: boolean;
  /** It was kept from a store while it started or stopped: it may give up then, and is started again. */
  wasCut: boolean;
  /** Where browsers are served, once they are. */
  port: number | null;
}

/**
 * Services as they are deployed, each a process with its own way to PostgreSQL and Redis, replaced when it dies. Only
 * ever signalled by their own pids.
 */
export class ServiceFleet implements AsyncDisposable {
  readonly #task: FleetTask;
  readonly #places: Place[] = [];
  readonly leases: LeaseTaken[] = [];
  readonly log: string[] = [];
  #isDisposed = false;
  /** The last words of each process that ended by itself. */
  readonly crashes: string[] = [];

  private constructor(task: FleetTask) {
    this.#task = task;
  }

  static async start(
    counts: Readonly<Partial<Record<ServiceName, number>>>,
    task: FleetTask,
  ): Promise<ServiceFleet> {
    const fleet = new ServiceFleet(task);
    for (const service of services) {
      for (let index = 1; index <= (counts[service] ?? 0); index++) await fleet.#addPlace(service, index);
    }
    return fleet;
  }

  /** Under which its keys lie in Redis. */
  get prefix(): string {
    return this.#task.prefix;
  }

  get size(): number {
    return this.#places.length;
  }

  /** Of all that serve browsers just now. */
  get ports(): number[] {
    return this.#places.flatMap(({ run }) => run?.port ?? []);
  }

  /** The ways to Redis, one for each place. */
  get redisProxies(): FaultProxy[] {
    return this.#places.flatMap(({ redis }) => redis ?? []);
  }

  async kill(index: number, awayMs: number): Promise<void> {
    const place = this.#placeAt(index);
    const { run } = place;
    if (run === null) return;
    const exited = once(run.child, 'exit');
    run.child.kill('SIGKILL');
    await Promise.all([exited, sleep(awayMs)]);
    this.#fill(place);
  }

  /** Stops one as a deployment does, and starts the next in its place. One that stops already is left to it, and gives nothing. */
  async restart(index: number): Promise<Stopped[]> {
    const place = this.#placeAt(index);
    const { run, service } = place;
    // A second signal means that it must exit at once, which is no stop as a deployment does it.
    if (run === null || run.isStopping) return [];
    const exited = once(run.child, 'exit') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
    const askedAt = performance.now();
    Object.assign(run, { isStopping: true, wasCut: run.wasCut || place.cuts > 0 });
    run.child.kill('SIGTERM');
    run.child.kill('SIGCONT');
    const [code, signal] = await exited;
    const ms = Math.round(performance.now() - askedAt);
    this.#fill(place);
    return [{ service, ms, code, signal }];
  }

  /** Resolves when in every place somebody has said that it runs. */
  async untilStarted(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const missing = this.#places.filter(({ run }) => run?.hasStarted !== true);
      if (missing.length === 0) return;
      if (performance.now() > deadline)
        throw new Error(`${missing.map(({ name }) => name).join(', ')} did not start within ${withinMs} ms`);
      await sleep(lookMs);
    }
  }

  async freeze(index: number, forMs: number): Promise<void> {
    const child = this.#placeAt(index).run?.child;
    child?.kill('SIGSTOP');
    await sleep(forMs);
    child?.kill('SIGCONT');
  }

  /** Cuts one process off from a store. */
  async cutOff(index: number, store: StoreName, how: CutHow, forMs: number): Promise<void> {
    const place = this.#placeAt(index);
    const proxy = place[store];
    if (proxy === null)
      throw new RangeError(`nobody can be cut off from ${this.#task.redisUrl.split(':')[0]}`);
    const healed = this.#cut([place]);
    if (how === 'silent') {
      proxy.freeze('up', 'down');
    } else if (how === 'refused') {
      proxy.refuse();
      proxy.reset();
    } else {
      proxy.strand('up', 'down');
    }
    await sleep(forMs);
    proxy.thaw();
    proxy.accept();
    healed();
  }

  /** Keeps all of them from a store for as long as something happens to the store itself. */
  async whileStoreIsAway(happening: () => Promise<void>): Promise<void> {
    const healed = this.#cut(this.#places);
    try {
      await happening();
    } finally {
      healed();
    }
  }

  /** Notes a fault, and returns how to note its end. Who has given up meanwhile is started again then. */
  #cut(places: readonly Place[]): () => void {
    for (const place of places) {
      place.cuts++;
      if (place.run !== null) place.run.wasCut = true;
    }
    return () => {
      for (const place of places) {
        place.cuts--;
        this.#fill(place);
      }
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await Promise.all(
      this.#places.map(async ({ run, database, redis }) => {
        if (run !== null) {
          const exited = once(run.child, 'exit');
          run.child.kill('SIGKILL');
          await exited;
        }
        await Promise.all([database.close(), redis?.close()]);
      }),
    );
  }

  #placeAt(index: number): Place {
    const place = this.#places[index];
    if (place === undefined) throw new RangeError(`the fleet has no place ${index}`);
    return place;
  }

  async #addPlace(service: ServiceName, index: number): Promise<void> {
    const { databaseUrl, redisUrl } = this.#task;
    const [database, redis] = await Promise.all([
      startFaultProxy({ port: portOf(databaseUrl) }),
      redisUrl.startsWith('redis:') ? startFaultProxy({ port: portOf(redisUrl) }) : null,
    ]);
    const place: Place = { name: `${service}-${index}`, service, database, redis, run: null, cuts: 0 };
    this.#places.push(place);
    this.#fill(place);
  }

  #fill(place: Place): void {
    if (this.#isDisposed || place.run !== null) return;
    const { databaseUrl, redisUrl, prefix, environment } = this.#task;
    const child = spawn(process.execPath, [mainOf(place.service)], {
      // Whoever started it holds the other end of its input: when that one is gone, it stops too.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: compileCache,
        DATABASE_URL: place.database.through(databaseUrl),
        REDIS_URL: place.redis?.through(redisUrl) ?? redisUrl,
        TRUNKLINE_REDIS_PREFIX: prefix,
        TRUNKLINE_STOP_WITH_PARENT: 'stdin',
        ...environment,
      },
    });
    const run: Run = { child, hasStarted: false, isStopping: false, wasCut: place.cuts > 0, port: null };
    place.run = run;
    const name = `${place.name}/${child.pid}`;
    child.stdin.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#hear(name, run, line));
    }
    child.once('exit', () => {
      if (place.run === run) place.run = null;
    });
    child.once('close', (code, signal) => {
      if (isCrash(run, code, signal)) this.#noteCrash(name, code);
      // One that gave up is started again once the stores are back; one that crashed at once, as a supervisor does.
      if (code !== 0 && signal === null && place.cuts === 0) this.#fill(place);
    });
  }

  #noteCrash(name: string, code: number | null): void {
    const last = this.log.filter((line) => line.startsWith(`${name} `)).slice(-LAST_WORDS);
    this.crashes.push([`${name} ended with code ${code}`, ...last].join('\n'));
  }

  #hear(by: string, run: Run, line: string): void {
    this.log.push(`${by} ${line}`);
    if (this.log.length > LOG_LINES_MAX) this.log.splice(0, LOG_LINES_MAX / 2);
    if (line.includes('"msg":"started"')) Object.assign(run, { hasStarted: true, wasCut: false });
    run.port ??= portIn(line);
    const { pbx, epoch } = leaseIn(line) ?? {};
    if (pbx !== undefined && epoch !== undefined) this.leases.push({ pbx, epoch, by });
  }
}

/**
 * Signals come from here only, also one that meets a process which has not begun to listen for it. A process that runs must
 * outlive whatever happens to its stores; one that starts or stops may end by it.
 */
function isCrash(
  { hasStarted, isStopping, wasCut }: Run,
  code: number | null,
  signal: string | null,
): boolean {
  if (signal !== null || code === 0) return false;
  return hasStarted && !isStopping ? true : !wasCut;
}

const portOf = (url: string): number => Number(new URL(url).port);

function portIn(line: string): number | null {
  return line.includes('"push serves"') ? (JSON.parse(line) as { readonly port: number }).port : null;
}

function leaseIn(line: string): { pbx?: string; epoch?: number } | null {
  if (!line.includes('"lease taken for PBX')) return null;
  return JSON.parse(line) as { pbx?: string; epoch?: number };
}
