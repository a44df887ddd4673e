import { fork } from 'node:child_process';
import { sleep } from '@trunkline/service-kit';
import type { CrowdOrder, CrowdReply, CrowdTask } from './crowd-process.ts';
import { dismiss, toldBy } from './told-by.ts';

export interface Crowd extends AsyncDisposable {
  /** How long it took until all of them were let in. */
  readonly connectedInSeconds: number;
  /** Waits for so many deliveries in all, and gives the ages of those since it was last asked. */
  hear(deliveries: number, withinMs: number): Promise<readonly number[]>;
  /** All lose their connections at once. */
  leave(): Promise<void>;
  /** All come back, to the server at this port; gives the seconds until the last of them was let in. */
  comeBack(port: number): Promise<number>;
}

const lookEveryMs = 20;

export async function startCrowd(task: CrowdTask): Promise<Crowd> {
  const child = fork(new URL('./crowd-process.ts', import.meta.url), {
    env: { ...process.env, BENCH_TASK: JSON.stringify(task) },
  });
  const order = (words: CrowdOrder): void => void child.send(words);
  const told = toldBy<CrowdReply>(child, `the crowd of ${task.dialect} clients`);
  const { seconds } = await told('connected');
  return {
    connectedInSeconds: seconds,
    async hear(deliveries, withinMs) {
      const deadline = performance.now() + withinMs;
      const ages: number[] = [];
      for (;;) {
        order({ order: 'hear' });
        const heard = await told('heard');
        for (const age of heard.agesMs) ages.push(age);
        if (heard.deliveries >= deliveries) return ages;
        if (performance.now() > deadline)
          throw new Error(
            `${task.dialect}: ${heard.deliveries} of ${deliveries} deliveries came in ${withinMs} ms`,
          );
        await sleep(lookEveryMs);
      }
    },
    async leave() {
      order({ order: 'leave' });
      await told('left');
    },
    async comeBack(port) {
      order({ order: 'return', port });
      return (await told('connected')).seconds;
    },
    [Symbol.asyncDispose]: () => dismiss(child),
  };
}
