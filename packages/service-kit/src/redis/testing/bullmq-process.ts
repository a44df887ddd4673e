import { Queue, QueueEvents, Worker } from 'bullmq';
import { createLogger, createRedisConnections } from '../../index.ts';

/** Runs one job through BullMQ and closes only what we opened, as a service does that is told to stop. */
const [url = '', prefix = ''] = process.argv.slice(2);
const logger = createLogger({ name: 'bullmq-process', level: 'silent', redactPhoneNumbers: true });
const connections = createRedisConnections({ url, logger, name: 'bullmq-process' });

const queue = new Queue('numbers', { connection: connections.open('bullmq producer'), prefix });
const events = new QueueEvents('numbers', { connection: connections.open('bullmq worker'), prefix });
const worker = new Worker<number, string>('numbers', (job) => Promise.resolve(`done: ${job.data}`), {
  connection: connections.open('bullmq worker'),
  prefix,
});
queue.on('error', () => {});
events.on('error', () => {});
worker.on('error', () => {});

await Promise.all([queue.waitUntilReady(), events.waitUntilReady(), worker.waitUntilReady()]);
const job = await queue.add('seven', 7);
const done: unknown = await job.waitUntilFinished(events);
await queue.obliterate({ force: true });

await Promise.all([worker.close(), events.close(), queue.close()]);
await connections.closeAll();
process.stdout.write(`${JSON.stringify({ done, left: connections.size })}\n`);
