import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ConsumerTuning } from '../index.ts';
import type { StreamLab } from './stream-lab.ts';

export interface ReplicaSettings {
  readonly name: string;
  readonly group: string;
  readonly prefix: string;
  readonly shards: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly tuning: Partial<ConsumerTuning>;
}

export interface ReplicaProcess extends AsyncDisposable {
  readonly name: string;
  readonly process: ChildProcess;
  signal(signal: NodeJS.Signals): void;
  /** The next time it begins to apply a batch, inside its transaction. */
  applying(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('replica-process.ts', import.meta.url));

/** Starts a replica of the lab's group in a process of its own, and waits until it consumes. */
export async function startReplica(
  lab: StreamLab,
  group: string,
  name: string,
  tuning: Partial<ConsumerTuning> = {},
): Promise<ReplicaProcess> {
  const { prefix, shards, databaseUrl, redisUrl } = lab;
  const settings: ReplicaSettings = { name, group, prefix, shards, databaseUrl, redisUrl, tuning };
  const child = fork(PROGRAM, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Set<() => void>();
  // Always listening: what comes while nobody listens, Node keeps and delivers late.
  child.on('message', (message) => {
    if (message !== 'applying') return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  });
  const replica: ReplicaProcess = {
    name,
    process: child,
    signal: (signal) => void child.kill(signal),
    applying: () => new Promise((resolve) => waiting.add(resolve)),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`replica ${name} ended before it was ready`))),
  ]);
  return lab.use(replica);
}
