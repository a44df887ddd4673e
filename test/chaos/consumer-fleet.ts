import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { sleep, type LogLevel } from '@trunkline/service-kit';

export interface ConsumerTask {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly shards: number;
  readonly batchEntriesMax: number;
  readonly logLevel: LogLevel;
}

const file = new URL('./consumer-process.ts', import.meta.url);

/** Consumer processes that are replaced whenever they die. Only ever signalled by their own pids. */
export class ConsumerFleet implements AsyncDisposable {
  readonly #task: ConsumerTask;
  readonly #running = new Set<ChildProcess>();
  #isDisposed = false;
  /** Deaths that nobody had asked for. */
  crashes = 0;

  constructor(task: ConsumerTask) {
    this.#task = task;
  }

  get pids(): number[] {
    return [...this.#running].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Starts a process and returns when it consumes. */
  async start(): Promise<number> {
    const child = fork(file, {
      env: { ...process.env, CONSUMER_TASK: JSON.stringify(this.#task) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#running.add(child);
    child.once('exit', (code, signal) => {
      this.#running.delete(child);
      if (signal !== 'SIGKILL' && code !== 0) this.crashes += 1;
    });
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
    return child.pid ?? 0;
  }

  /** Kills a process outright and starts another in its place after a while. */
  async replace(pid: number, afterMs: number): Promise<void> {
    this.signal(pid, 'SIGKILL');
    await sleep(afterMs);
    if (!this.#isDisposed) await this.start();
  }

  signal(pid: number, signal: NodeJS.Signals): void {
    for (const child of this.#running) if (child.pid === pid) child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    const exits = [...this.#running].map(async (child) => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    });
    await Promise.all(exits);
  }
}
