import { createHash, randomUUID } from 'node:crypto';
import { takeWorkLease, type Transaction } from '@trunkline/database';
import { defaultStuckCallLimits, type StuckCallLimits } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { CommandError } from '@trunkline/pbx-commands';
import { describe, expect, it } from 'vitest';
import { sweep } from './sweep.ts';
import { createSweepLab, type SweepLab } from './testing/sweep-lab.ts';
import type { SweepRequest } from './sweep-request.ts';

const request: SweepRequest = { dryRun: false, verify: true, by: 'test' };
const patient: StuckCallLimits = { ...defaultStuckCallLimits, unknownMs: 3_650 * 86_400_000 };

const run = (lab: SweepLab, asked: Partial<SweepRequest> = {}, limits = patient) =>
  sweep(lab.context, { ...request, ...asked }, limits);
const counted = ({ counts }: { counts: Record<string, number> }) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

describe('a sweep that asks the PBX', () => {
  it('[STUCK2] ends what is gone, leaves what is alive, keeps what nobody can tell', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['gone', 'alive', 'unknown', 'unreachable']);
    await lab.say('fresh', 'call.ringing', { at: Date.now() });
    lab.answers.set('gone', 'gone').set('alive', 'alive');
    lab.answers.set('unreachable', new CommandError('nobody', 'no connector holds the link'));
    const report = await run(lab);
    expect(report.state).toBe('done');
    expect(counted(report)).toEqual({ found: 4, ended: 1, alive: 1, unknown: 2 });
    expect(await lab.calls()).toEqual({
      gone: 'timeout_cleanup',
      alive: 'connected',
      unknown: 'connected',
      unreachable: 'connected',
      fresh: 'ringing',
    });
    expect(lab.asked.includes('fresh')).toBe(false);
    expect(report.calls.find(({ call }) => call === 'unreachable')?.detail).toBe(
      'no connector holds the link',
    );
    expect(new Set(lab.heard)).toEqual(new Set(report.calls));
  });

  it('[STUCK2] does not ask about a call again that was alive a moment ago', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a']);
    lab.answers.set('a', 'alive');
    await run(lab);
    expect(counted(await run(lab))).toEqual({});
    expect(lab.asked).toEqual(['a']);
  });

  it('[STUCK2] ends what nobody can tell after the second limit', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a']);
    expect(counted(await run(lab, {}, defaultStuckCallLimits))).toEqual({ found: 1, ended: 1 });
  });

  it('tells the runs, the screens and the audit what it did, in the transaction that did it', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a', 'b']);
    await lab.addStuck(['c'], { pbx: pbxIds[2] });
    lab.answers.set('a', 'gone').set('c', 'gone').set('b', 'alive');
    await run(lab);
    expect(
      await lab.rows(`select r.counts->>'found' as found, c.call_key, c.liveness, c.outcome
        from cleanup_run r join cleanup_run_call c on c.run_id = r.id
        where r.finished_at is not null order by call_key`),
    ).toEqual([
      { found: '2', call_key: 'a', liveness: 'gone', outcome: 'ended' },
      { found: '2', call_key: 'b', liveness: 'alive', outcome: 'alive' },
      { found: '1', call_key: 'c', liveness: 'gone', outcome: 'ended' },
    ]);
    const types = lab.relayed.map(({ payload }) => Object.keys(JSON.parse(payload) as object).join());
    expect(types.sort()).toEqual(['call_update', 'call_update', 'cleanup_run', 'cleanup_run']);
    expect(await lab.rows(`select subject from call_event where type = 'sweep.ended' order by 1`)).toEqual([
      { subject: 'a' },
      { subject: 'c' },
    ]);
  });
});

describe('a sweep by the plain time rule', () => {
  it('[STUCK3] asks nobody and ends all that are older than the limit, also what was alive a moment ago', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a', 'b']);
    lab.answers.set('a', 'alive');
    await run(lab);
    lab.asked.length = 0;
    expect(counted(await run(lab, { verify: false }))).toEqual({ found: 2, ended: 2 });
    expect(lab.asked).toEqual([]);
  });
});

describe('a dry run', () => {
  it('tells what a sweep would do, and leaves the database as it was, byte for byte', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['gone', 'alive', 'unknown']);
    lab.answers.set('gone', 'gone').set('alive', 'alive');
    const before = await fingerprint(lab);
    const report = await run(lab, { dryRun: true });
    expect(counted(report)).toEqual({ found: 3, would_end: 1, alive: 1, unknown: 1 });
    expect(counted(await run(lab, { dryRun: true, verify: false }))).toEqual({ found: 3, would_end: 3 });
    expect(await fingerprint(lab)).toEqual(before);
  });

  it('may go on beside a sweep', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a']);
    await holdLease(lab, randomUUID());
    expect(counted(await run(lab, { dryRun: true }))).toEqual({ found: 1, unknown: 1 });
  });
});

/** Every row of every table with its place and its transaction: even a row written anew with the same values would show. */
async function fingerprint(lab: SweepLab): Promise<Record<string, string>> {
  const tables = await lab.rows(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  );
  const marks: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await lab.rows(`select ctid::text, xmin::text, t::text from "${String(name)}" t order by 1`);
    marks[String(name)] = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  }
  return marks;
}

describe('one failing call', () => {
  it('never stops the others: it is told, written down, and tried again by the next sweep', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a', 'b', 'bad', 'c', 'd']);
    for (const key of ['a', 'b', 'bad', 'c', 'd']) lab.answers.set(key, 'gone');
    await lab.rows(`
      create function refuse() returns trigger language plpgsql as $$ begin
        if new.call_key = 'bad' and new.status = 'ended' then raise exception 'this row is cursed'; end if;
        return new;
      end $$`);
    await lab.rows('create trigger refuse before update on call for each row execute function refuse()');
    const report = await run(lab);
    expect(counted(report)).toEqual({ found: 5, ended: 4, failed: 1 });
    expect(report.calls.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      call: 'bad',
      detail: 'this row is cursed',
    });
    expect(await lab.rows(`select outcome, detail from cleanup_run_call where call_key = 'bad'`)).toEqual([
      { outcome: 'failed', detail: 'this row is cursed' },
    ]);
    await lab.rows('drop trigger refuse on call');
    expect(counted(await run(lab))).toEqual({ found: 1, ended: 1 });
  });

  it('but a database that goes away (scripted) fails no call: the sweep fails, to be made again', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a']);
    let isAway = false;
    const run: typeof lab.database.run = (work) =>
      isAway
        ? Promise.reject(Object.assign(new Error('terminating connection'), { code: '57P01' }))
        : lab.database.run(work);
    const database = Object.create(lab.database, { run: { value: run } }) as typeof lab.database;
    const ask = async () => {
      isAway = true;
      return 'gone' as const;
    };
    const sweeping = sweep({ ...lab.context, database, ask }, request, patient);
    await expect(sweeping).rejects.toThrow('terminating connection');
    expect([lab.heard, await lab.calls()]).toEqual([[], { a: 'connected' }]);
  });
});

describe('a call that speaks while it is looked at', () => {
  it('[STUCK4] is left alone', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a']);
    const ask = async () => {
      await lab.say('a', 'call.held');
      return 'gone' as const;
    };
    const report = await sweep({ ...lab.context, ask }, request, patient);
    expect(counted(report)).toEqual({ found: 1, overtaken: 1 });
    expect(await lab.calls()).toEqual({ a: 'held' });
  });

  it('and one that speaks after it was ended is open again, and the next sweep says so', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a']);
    lab.answers.set('a', 'gone');
    await run(lab);
    await lab.say('a', 'call.held');
    lab.answers.set('a', 'alive');
    expect(counted(await run(lab))).toEqual({ found: 1, alive: 1, reopened: 1 });
    expect(await lab.calls()).toEqual({ a: 'held' });
    expect(
      await lab.rows(`select type from call_event where subject = 'a' order by at, version`),
    ).toMatchObject(expect.arrayContaining([{ type: 'sweep.ended' }, { type: 'sweep.reopened' }]));
  });
});

const holdLease = (lab: SweepLab, holder: string) =>
  lab.database.run((transaction: Transaction) =>
    takeWorkLease(transaction, { name: 'stuck-call-sweep', holder }, 60_000),
  );

describe('two sweeps', () => {
  it('are never made at once: the later one does nothing and says so', async () => {
    await using lab = await createSweepLab();
    await lab.addStuck(['a']);
    await holdLease(lab, randomUUID());
    expect(await run(lab)).toMatchObject({ state: 'busy', counts: { found: 0 } });
    expect(lab.asked).toEqual([]);
  });

  it('one that was frozen while another took over commits nothing more', async () => {
    await using lab = await createSweepLab({ leaseMs: 60_000 });
    await lab.addStuck(['a']);
    const ask = async () => {
      await lab.rows(`update work_lease set holder = gen_random_uuid() where name = 'stuck-call-sweep'`);
      return 'gone' as const;
    };
    expect(await sweep({ ...lab.context, ask }, request, patient)).toMatchObject({ state: 'overtaken' });
    expect(await lab.calls()).toEqual({ a: 'connected' });
  });
});

it('a sweep that is broken off leaves what it did, and lets the next one begin at once', async () => {
  await using lab = await createSweepLab({ batchCallsMax: 2 });
  await lab.addStuck(['a', 'b', 'c', 'd']);
  for (const key of ['a', 'b', 'c', 'd']) lab.answers.set(key, 'gone');
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error('somebody pressed Ctrl-C'));
  const sweeping = sweep(lab.context, request, patient, { signal: stop.signal, onProgress });
  await expect(sweeping).rejects.toThrow('somebody pressed Ctrl-C');
  expect(
    await lab.rows(`select counts->>'ended' as ended from cleanup_run where finished_at is not null`),
  ).toEqual([{ ended: '2' }]);
  expect(counted(await run(lab))).toEqual({ found: 2, ended: 2 });
});

it('many suspects are taken page by page, within the scope that was asked for', async () => {
  await using lab = await createSweepLab({ batchCallsMax: 3 });
  const keys = Array.from({ length: 10 }, (_, index) => `call ${index}`);
  await lab.addStuck(keys, { extensions: ['1001'] });
  await lab.addStuck(['other'], { pbx: pbxIds[1] });
  await lab.addStuck(['elsewhere'], { extensions: ['1002'] });
  for (const key of [...keys, 'other', 'elsewhere']) lab.answers.set(key, 'gone');
  expect(counted(await run(lab, { extension: '1001', dryRun: true }))).toEqual({ found: 10, would_end: 10 });
  expect(counted(await run(lab, { pbx: pbxIds[0] }))).toEqual({ found: 11, ended: 11 });
  expect((await lab.calls())['other']).toBe('connected');
});
