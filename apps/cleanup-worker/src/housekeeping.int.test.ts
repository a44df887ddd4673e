import { createStreamKeys } from '@trunkline/event-stream';
import { createIngestWorker, ingestGroups } from '@trunkline/ingest';
import { IngestLab, until } from '@trunkline/ingest/testing';
import { describe, expect, it } from 'vitest';
import { createHousekeeping, type Task } from './housekeeping.ts';
import { cleanupContext, cleanupLab, startCleanup } from './testing/cleanup-lab.ts';

const entriesLeft = async (lab: IngestLab): Promise<number> => {
  const keys = createStreamKeys(lab.prefix);
  const { shards } = lab.context().settings.stores;
  const lengths = Array.from({ length: shards }, (_, shard) => lab.client.xlen(keys.events(shard)));
  return (await Promise.all(lengths)).reduce((sum, length) => sum + length, 0);
};

const often = {
  TRUNKLINE_TRIM_EVERY: '20ms',
  TRUNKLINE_RELAY_EVERY: '20ms',
  TRUNKLINE_RELAY_AFTER: '10ms',
};

describe('housekeeping', () => {
  it('cuts streams behind the slowest group, and no further', async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    await startCleanup(lab, often);
    for (const call of ['a', 'b', 'c']) await lab.say(pbx, 'call.ringing', { call });
    await lab.settled([pbx], ['cleanup']);
    const finished = async () =>
      (await lab.rows(`select finished_at from housekeeping where task = 'trim'`))[0]?.['finished_at'];
    await until(async () => (await finished()) !== null);
    const before = await finished();
    await until(async () => (await finished()) !== before);
    expect(await entriesLeft(lab)).toBe(3);

    await lab.started(createIngestWorker(lab.context(), ingestGroups.lifecycle));
    await lab.settled([pbx]);
    await until(async () => (await entriesLeft(lab)) === 0);
  });

  it('relays what a crash left in the outbox', async () => {
    await using lab = await cleanupLab(often);
    const { pbx } = lab;
    await lab.rows(
      `insert into outbox (tenant_id, payload) values ($1, '{"call_update":[{"call":"left"}]}')`,
      [pbx.tenant],
    );
    await until(async () => (await lab.rows('select from outbox')).length === 0);
    expect(await lab.told(pbx.tenant, 'call_update')).toEqual([{ call: 'left' }]);
  });

  it('relays within seconds what a janitor left behind that died over it', async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    const delivering = Promise.withResolvers<void>();
    const dying = createHousekeeping({
      ...cleanupContext(lab, often),
      replica: 'dying',
      deliver: () => delivering.promise,
    });
    await lab.rows(
      `insert into outbox (tenant_id, payload, created_at)
       values ($1, '{"call_update":[{"call":"left"}]}', now() - interval '1 minute')`,
      [pbx.tenant],
    );
    const relay = dying.tasks.find(({ name }) => name === 'relay') as Task;
    const attending = dying.attend(relay);
    await until(
      async () => (await lab.rows('select from housekeeping where claimed_until is not null')).length > 0,
    );
    await startCleanup(lab, often);
    await until(async () => (await lab.told(pbx.tenant, 'call_update')).length > 0);
    expect(await lab.told(pbx.tenant, 'call_update')).toEqual([{ call: 'left' }]);
    delivering.resolve();
    await attending;
    await dying.stop();
  });

  it('forgets old floors, counts and records, and makes and drops partitions of the audit trail', async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    await lab.rows(
      `insert into pbx_floor (pbx_id, as_of, said, rank, cause, at, covers_extensions, raised_at)
       select $1, n, n, 0, 'reconciled', now(), true, now() - interval '30 days' from generate_series(1, 5) n`,
      [pbx.id],
    );
    await lab.rows(
      `insert into stream_progress (group_name, source, epoch, high, updated_at)
       select 'cleanup', $1, n, 1, now() - interval '30 days' from generate_series(1, 12) n`,
      [pbx.id],
    );
    await lab.rows(`
      create table call_event_2001_01 partition of call_event for values from ('2001-01-01') to ('2001-02-01')`);
    await lab.rows(
      `insert into cleanup_run (id, tenant_id, kind, started_at, finished_at)
       select gen_random_uuid(), $1, 'reconcile', now() - n * interval '6 days', now() - n * interval '6 days'
       from generate_series(1, 3) n`,
      [pbx.tenant],
    );
    await lab.rows(`
      insert into operator_action (id, tenant_id, actor, action, at)
      select gen_random_uuid(), gen_random_uuid(), 'ana', action, now() - age
      from (values ('old', interval '3000 days'), ('new', interval '1 day')) done (action, age)`);
    await startCleanup(lab);
    await until(
      async () => (await lab.rows('select from housekeeping where finished_at is not null')).length === 7,
    );
    expect(await lab.rows('select from cleanup_run')).toHaveLength(1);
    expect(await lab.rows('select as_of from pbx_floor')).toEqual([{ as_of: '5' }]);
    expect(await lab.rows('select from stream_progress')).toHaveLength(8);
    expect(await lab.rows('select action from operator_action')).toEqual([{ action: 'new' }]);
    const partitions = await lab.rows(`select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'call_event'::regclass order by 1`);
    expect(partitions.map(({ name }) => name)).not.toContain('call_event_2001_01');
    expect(partitions).toHaveLength(5);
  });

  it('a task is done by one of the replicas, and a failure is noted and does not stop the next time', async () => {
    await using lab = await IngestLab.open();
    const contexts = ['a', 'b', 'c'].map((replica) => ({
      ...cleanupContext(lab),
      replica,
      deliver: () => Promise.resolve(),
    }));
    const houses = contexts.map((context) => createHousekeeping(context));
    let done = 0;
    let failing = true;
    const task: Task = {
      name: 'test',
      everyMs: 1,
      run: () => {
        done += 1;
        return failing ? Promise.reject(new Error('not today')) : Promise.resolve(2);
      },
    };
    await Promise.all(houses.map((house) => house.attend({ ...task, everyMs: 3_600_000 })));
    expect(done).toBe(1);
    expect(await lab.rows('select problem, finished_at, claimed_until from housekeeping')).toEqual([
      { problem: 'not today', finished_at: null, claimed_until: null },
    ]);

    failing = false;
    await lab.rows('update housekeeping set due_at = now()');
    await houses[1]?.attend(task);
    expect(await lab.rows('select problem, finished_at is not null as finished from housekeeping')).toEqual([
      { problem: null, finished: true },
    ]);
    expect(await contexts[1]?.metrics.exposition()).toContain(
      'trunkline_housekeeping_runs_total{task="test",outcome="done",app="worker"} 1',
    );
    for (const house of houses) await house.stop();
  });
});
