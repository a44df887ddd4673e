/** A BullMQ worker whose job does nothing: what the queue alone costs. The jobs wait in Redis before the clock starts. */
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { eventsOf, workloadOf } from './workload.ts';
import { readTask, tell } from './contender.ts';

const task = readTask();
const concurrency = 200;
const bulk = 1000;
const connection = new Redis(task.redisUrl, { maxRetriesPerRequest: null });
const workerConnection = new Redis(task.redisUrl, { maxRetriesPerRequest: null });
const queue = new Queue('bench', { connection, prefix: `${task.prefix}-bull` });

let batch: { name: string; data: unknown; opts: { removeOnComplete: true } }[] = [];
for (const event of eventsOf(workloadOf(task.events), Date.now())) {
  batch.push({ name: event.type, data: event, opts: { removeOnComplete: true } });
  if (batch.length < bulk) continue;
  await queue.addBulk(batch);
  batch = [];
}
await queue.addBulk(batch);

let done = 0;
const { promise: finished, resolve } = Promise.withResolvers<void>();
const worker = new Worker('bench', () => Promise.resolve(), {
  connection: workerConnection,
  prefix: `${task.prefix}-bull`,
  concurrency,
  autorun: false,
});
worker.on('completed', () => {
  done += 1;
  if (done === task.events) resolve();
});
worker.on('error', (error) => console.error(error.message));
await worker.waitUntilReady();
const startedAt = performance.now();
void worker.run();
await finished;
tell({ events: done, seconds: (performance.now() - startedAt) / 1000 });
await worker.close();
await queue.obliterate({ force: true });
await queue.close();
// BullMQ closes its copies of the connections and leaves what it was given to whoever gave it.
connection.disconnect();
workerConnection.disconnect();
