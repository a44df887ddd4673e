import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dismiss, toldBy } from '../../bench/push/told-by.ts';
import { passOnErrors } from '../../support/service-process.ts';

/** A process of ours that is asked and answers, one question after the other. */
export interface Child<Order, Reply extends { readonly tell: string }> extends AsyncDisposable {
  readonly pid: number;
  order(words: Order): void;
  told<Tell extends Reply['tell']>(tell: Tell): Promise<Extract<Reply, { tell: Tell }>>;
}

export function startChild<Order extends object, Reply extends { readonly tell: string }>(
  file: string,
  task: object,
  options: readonly string[] = [],
): Child<Order, Reply> {
  const child = fork(new URL(file, import.meta.url), {
    execArgv: [...options],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  // Not by the environment, which has no room for the tokens of a thousand browsers.
  child.send(task);
  passOnErrors(child);
  return {
    pid: Number(child.pid),
    order: (words) => void child.send(words),
    told: toldBy<Reply>(child, file),
    [Symbol.asyncDispose]: () => dismiss(child),
  };
}

/** What this process was started for: the first thing that it is told. */
export async function taskOfThisProcess<Task>(): Promise<Task> {
  const [task] = (await once(process, 'message')) as [Task];
  return task;
}
