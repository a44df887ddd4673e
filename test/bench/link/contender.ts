import type { Vendor } from '@trunkline/pbx';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Measured } from '../measure.ts';
import type { FrameServer } from './frame-server.ts';

/** What a contender's process is told, as JSON in its environment. */
export interface Task {
  readonly vendor: Vendor;
  readonly path: string;
  readonly frames: number;
  /** Where a server waits to send the frames; 0 where the contender reads them from the file. */
  readonly port: number;
}

/** Counts what the publisher would be handed, which is text. Contenders that make no words leave it as it is. */
export class Said {
  words = 0;
  letters = 0;

  add(payload: unknown): void {
    this.words += 1;
    this.letters += JSON.stringify(payload).length;
  }
}

/**
 * Processor time, so that neither other work on the machine nor waiting for the sender counts: of the thread that runs
 * the code, which on an idle machine is what a clock would show, and of all threads, the collector's and the compiler's
 * among them.
 */
export interface Moment {
  readonly thread: number;
  readonly allThreads: number;
}

export const now = (): Moment => ({
  thread: secondsOf(process.threadCpuUsage()),
  allThreads: secondsOf(process.cpuUsage()),
});

const secondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000_000;

/** `seconds` are those of the thread that runs the code. */
export interface Outcome extends Measured {
  readonly secondsOfAllThreads: number;
  readonly said: Pick<Said, 'words' | 'letters'>;
}

export const readTask = (): Task => JSON.parse(process.env['BENCH_TASK'] ?? '') as Task;

/** Asks the server for the frames, and tells when it did. */
export function begin(): Moment {
  const startedAt = now();
  process.send?.('play');
  return startedAt;
}

/** Tells the parent what was measured. */
export function tell(startedAt: Moment, events: number, said = new Said()): void {
  const { thread, allThreads } = now();
  const { words, letters } = said;
  const outcome: Outcome = {
    events,
    seconds: thread - startedAt.thread,
    secondsOfAllThreads: allThreads - startedAt.allThreads,
    said: { words, letters },
  };
  process.send?.(outcome);
}

/** Runs a contender's file in a process of its own, so that none profits from what another has warmed up. */
export async function runContender(file: string, task: Task, server?: FrameServer): Promise<Outcome> {
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, BENCH_TASK: JSON.stringify(task) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // The peers are old, and what they use of Node would complain on each start.
    execArgv: ['--no-deprecation'],
  });
  let outcome: Outcome | undefined;
  child.on('message', (message) => {
    if (message === 'play') server?.play();
    else outcome = message as Outcome;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || outcome === undefined) throw new Error(`${file} failed with code ${code}`);
  if (outcome.events !== task.frames)
    throw new Error(`${file} took ${outcome.events} of ${task.frames} frames`);
  return outcome;
}
