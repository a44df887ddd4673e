import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Measured } from '../measure.ts';

/** What a contender's process is told, as JSON in its environment. */
export interface Task {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly shards: number;
  readonly events: number;
}

export const readTask = (): Task => JSON.parse(process.env['BENCH_TASK'] ?? '') as Task;

/** Tells the parent what was measured. */
export function tell(measured: Measured): void {
  process.send?.(measured);
}

/** Runs a contender's file in a process of its own, so that none profits from what another has warmed up. */
export async function runContender(file: string, task: Task): Promise<Measured> {
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, BENCH_TASK: JSON.stringify(task) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let measured: Measured | undefined;
  child.on('message', (message) => {
    measured = message as Measured;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || measured === undefined) throw new Error(`${file} failed with code ${code}`);
  return measured;
}
