/**
 * The way most of us would write it first: one job an event, and in each job MikroORM's unit of work loads the call,
 * changes it and flushes. No audit, no outbox, and the last writer wins.
 */
import { CallEntity, openDatabase } from '@trunkline/database';
import { measureJobs } from './bullmq-jobs.ts';
import { readTask, tell } from './contender.ts';
import { statusOf, tenant, type Said, type WorkloadEvent } from './workload.ts';

const task = readTask();
const concurrency = 10;
const database = await openDatabase({
  url: task.databaseUrl,
  applicationName: 'bench',
  connectionsMax: concurrency,
});
await database.ping();
tell(await measureJobs(task, concurrency, save));
await database.close();

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
