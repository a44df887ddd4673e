import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ReplicaTask } from './replica-process.ts';

export interface ReplicaProcess extends AsyncDisposable {
  kill(): Promise<void>;
}

const file = new URL('./replica-process.ts', import.meta.url).pathname;

/** Resolves when it works. */
export async function startReplicaProcess(task: ReplicaTask): Promise<ReplicaProcess> {
  const child = spawn(process.execPath, [file, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('a replica ended before it worked'))),
  ]);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { kill, [Symbol.asyncDispose]: kill };
}
