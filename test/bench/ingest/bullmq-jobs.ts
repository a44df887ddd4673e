import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Measured } from '../measure.ts';
import type { Task } from './contender.ts';
import { eventsOf, workloadOf, type WorkloadEvent } from './workload.ts';

const bulk = 1000;

/** One BullMQ job an event. All jobs wait in Redis before the clock starts. */
export async function measureJobs(
  task: Task,
  concurrency: number,
  work: (event: WorkloadEvent) => Promise<void>,
): Promise<Measured> {
  const prefix = `${task.prefix}-bull`;
  const connections = [1, 2].map(() => new Redis(task.redisUrl, { maxRetriesPerRequest: null }));
  const [forQueue, forWorker] = connections as [Redis, Redis];
  const queue = new Queue<WorkloadEvent>('bench', { connection: forQueue, prefix });
  await fill(queue, task.events);

  let settled = 0;
  const { promise: finished, resolve } = Promise.withResolvers<void>();
  const count = (): void => {
    settled += 1;
    if (settled === task.events) resolve();
  };
  const worker = new Worker<WorkloadEvent>('bench', ({ data }) => work(data), {
    connection: forWorker,
    prefix,
    concurrency,
    autorun: false,
  });
  worker.on('completed', count);
  worker.on('failed', count);
  worker.on('error', (error) => console.error(error.message));
  await worker.waitUntilReady();
  const startedAt = performance.now();
  void worker.run();
  await finished;
  const measured = { events: settled, seconds: (performance.now() - startedAt) / 1000 };

  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  // BullMQ closes its copies of the connections and leaves what it was given to whoever gave it.
  for (const connection of connections) connection.disconnect();
  return measured;
}

async function fill(queue: Queue<WorkloadEvent>, count: number): Promise<void> {
  const events = [...eventsOf(workloadOf(count), Date.now())];
  for (let first = 0; first < events.length; first += bulk) {
    const jobs = events.slice(first, first + bulk);
    await queue.addBulk(jobs.map((data) => ({ name: data.type, data, opts: { removeOnComplete: true } })));
  }
}
