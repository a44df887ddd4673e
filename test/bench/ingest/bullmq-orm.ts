/**
 * The way most of us would write it first: one job an event, and in each job MikroORM's unit of work loads the call,
 * changes it and flushes. No audit, no outbox, and the last writer wins.
 */
import { CallEntity, openDatabase } from '@trunkline/database';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { readTask, tell } from './contender.ts';
import { eventsOf, statusOf, tenant, workloadOf, type Said, type WorkloadEvent } from './workload.ts';

const task = readTask();
const concurrency = 10;
const bulk = 1000;
const connection = new Redis(task.redisUrl, { maxRetriesPerRequest: null });
const workerConnection = new Redis(task.redisUrl, { maxRetriesPerRequest: null });
const queue = new Queue('bench', { connection, prefix: `${task.prefix}-orm` });
const database = await openDatabase({
  url: task.databaseUrl,
  applicationName: 'bench',
  connectionsMax: concurrency,
});
await database.ping();

const events = [...eventsOf(workloadOf(task.events), Date.now())];
for (let first = 0; first < events.length; first += bulk) {
  const jobs = events.slice(first, first + bulk);
  await queue.addBulk(
    jobs.map((event) => ({ name: event.type, data: event, opts: { removeOnComplete: true } })),
  );
}

async function save(event: WorkloadEvent): Promise<void> {
  const said = JSON.parse(event.text) as Said;
  const status = statusOf(event.type);
  await database.transaction(async (_transaction, em) => {
    const known = await em.findOne(CallEntity, { pbxId: event.source, callKey: said.call });
    const ended =
      status === 'ended' ? { endedAt: new Date(said.at), hangupCause: said.cause ?? 'unknown' } : {};
    const changes = {
      status,
      wordStatus: status,
      wordSaid: BigInt(event.seq),
      ...ended,
      ...(said.caller && { callerNumber: said.caller.number }),
      ...(said.callee && { calleeNumber: said.callee.number }),
    };
    if (known !== null) {
      em.assign(known, changes);
      return;
    }
    const identity = {
      tenantId: tenant,
      pbxId: event.source,
      callKey: said.call,
      startedAt: new Date(said.at),
    };
    em.persist(em.create(CallEntity, { ...identity, wordAsOf: 1n, wordRank: 0, extensions: [], ...changes }));
  });
}

let done = 0;
const { promise: finished, resolve } = Promise.withResolvers<void>();
const settle = (): void => {
  done += 1;
  if (done === task.events) resolve();
};
const worker = new Worker<WorkloadEvent>('bench', ({ data }) => save(data), {
  connection: workerConnection,
  prefix: `${task.prefix}-orm`,
  concurrency,
  autorun: false,
});
worker.on('completed', settle);
worker.on('failed', settle);
worker.on('error', (error) => console.error(error.message));
await worker.waitUntilReady();
const startedAt = performance.now();
void worker.run();
await finished;
tell({ events: done, seconds: (performance.now() - startedAt) / 1000 });
await worker.close();
await queue.obliterate({ force: true });
await queue.close();
connection.disconnect();
workerConnection.disconnect();
await database.close();
