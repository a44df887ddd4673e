import { fork } from 'node:child_process';
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
    env: { ...process.env, CAPACITY_TASK: JSON.stringify(task) },
  });
  passOnErrors(child);
  return {
    pid: Number(child.pid),
    order: (words) => void child.send(words),
    told: toldBy<Reply>(child, file),
    [Symbol.asyncDispose]: () => dismiss(child),
  };
}
