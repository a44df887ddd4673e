import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ReplicaTask } from './replica-process.ts';

export interface ReplicaProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it logged. */
  readonly lines: string[];
  kill(): void;
}

const file = new URL('./replica-process.ts', import.meta.url).pathname;

export function startReplicaProcess(task: ReplicaTask): ReplicaProcess {
  const child = spawn(process.execPath, [file, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  const kill = (): void => void child.kill('SIGKILL');
  return {
    pid: child.pid ?? 0,
    lines,
    kill,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) kill();
      await ended;
    },
  };
}
