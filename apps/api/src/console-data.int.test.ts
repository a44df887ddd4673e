import { notePushNode } from '@trunkline/feed';
import { pbxId } from '@trunkline/domain';
import { storeLink } from '@trunkline/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiLab } from './testing/index.ts';
import { addLetter, numbers, seedTenant, type Seeded } from './testing/seed-tenant.ts';

let lab: ApiLab;
let own: Seeded;
let foreign: Seeded;
let operator: string;
beforeAll(async () => {
  lab = await ApiLab.open();
  [own, foreign] = [await seedTenant(lab, 'acme'), await seedTenant(lab, 'other')];
  operator = await lab.token('operator');
});
afterAll(() => lab[Symbol.asyncDispose]());

const read = async (path: string, token = operator) => (await lab.ask(path, { token })).body;
const itemsOf = async (path: string) => (await read(path))['items'] as Record<string, unknown>[];

describe('the history of calls', () => {
  it('is a file that no spreadsheet carries out, masked for whoever may not see numbers', async () => {
    const caller = { number: numbers.caller, name: '=HYPERLINK("http://evil.example")' };
    await lab.hear('acme', 'call.ended', { call: 'formula', cause: 'busy', extensions: ['1002'], caller });
    const answer = await lab.ask('/v1/calls/export?cause=busy', { token: operator });
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="calls.csv"');
    expect(answer.headers.get('trunkline-more')).toBeNull();
    const [head = '', row = '', end] = answer.text.split('\r\n');
    expect(head).toMatch(/^\uFEFF?pbx,pbxName,call,status,startedAt,/);
    expect(row).toContain(`,${numbers.caller},"'=HYPERLINK(""http://evil.example"")",`);
    expect(row).toMatch(/,formula,ended,\d{4}-\d\d-\d\dT[\d:.]+Z,/);
    expect(end).toBe('');
    const local = await lab.ask('/v1/calls/export?cause=busy&zone=Asia/Kolkata', { token: operator });
    expect(local.text).toMatch(/,formula,ended,\d{4}-\d\d-\d\dT[\d:]+\+05:30,/);
    expect((await lab.ask('/v1/calls/export?zone=Mars', { token: operator })).status).toBe(400);
    const masked = await lab.ask('/v1/calls/export?cause=busy', { token: await lab.token('agent') });
    expect(masked.text).toContain('***456');
    expect(masked.text).not.toContain(numbers.caller.slice(4));
    for (const token of [operator, await lab.token('agent')])
      expect((await lab.ask('/v1/calls/export', { token })).text).not.toContain('other-');
  });

  it('says how many there are, and about how many where there are thousands', async () => {
    expect(await read('/v1/calls/count?cause=busy')).toEqual({ count: 1, exact: true });
    expect(await read('/v1/calls/count?extension=1001')).toMatchObject({ exact: true });
    await lab.query(
      `insert into call (tenant_id, pbx_id, call_key, started_at, word_as_of, word_said, word_rank, word_status,
         extensions, status, ended_at, hangup_cause)
       select $1, $2, 'many-' || n, now() - n * interval '1 hour', 1, 1, 0, 'ended', '{1077}', 'ended', now(), 'normal'
       from generate_series(1, 3000) n`,
      [lab.tenant('acme'), own.pbx],
    );
    await lab.query('analyze call');
    const about = await read('/v1/calls/count');
    expect(about['exact']).toBe(false);
    expect(about['count']).toBeGreaterThan(1_500);
    expect(about['count']).toBeLessThan(6_000);
    const other = await lab.token('operator', { tenant: 'other' });
    expect(((await read('/v1/calls/count', other))['count'] as number) < 10).toBe(true);
    const refused = await lab.ask('/v1/calls/count?numberEndsWith=99', { token: await lab.token('agent') });
    expect(refused.status).toBe(403);
  });

  it('of one phone stands beside what was last said of it', async () => {
    const phone = await read(`/v1/extensions/${own.pbx}/1001?calls=5`);
    expect(phone).toMatchObject({ number: '1001', status: 'online', word: { status: 'ringing' } });
    const calls = phone['calls'] as { call: string }[];
    expect(calls.map(({ call }) => call)).toEqual(['acme-open', 'acme-lost']);
    expect((await lab.ask(`/v1/extensions/${own.pbx}/9999`, { token: operator })).status).toBe(404);
  });
});

describe('operators see', () => {
  it('what a cleanup changed, as it was before, and what was alive all the same', async () => {
    const run = await read(`/v1/cleanup-runs/${own.run}`);
    expect(run['changes']).toEqual([
      { kind: 'call', call: 'acme-lost', extension: null, was: 'connected', became: 'ended', since: null },
      { kind: 'phone', call: null, extension: '1001', was: 'ringing', became: 'online', since: null },
    ]);
    expect(run['revived']).toBe(0);
    await lab.hear('acme', 'call.connected', { call: 'acme-lost', extensions: ['1001'] });
    const later = await read(`/v1/cleanup-runs/${own.run}`);
    expect(later).toMatchObject({ revived: 1, changes: [{ call: 'acme-lost', since: 'connected' }, {}] });
  });

  it('who holds a link, and how it came to stand as it does', async () => {
    const pbx = pbxId(own.pbx);
    const lease = { pbx, owner: 'connector-acme', epoch: 0 };
    const record = {
      nextAttemptInMs: null,
      alarm: null,
      open: true,
      failures: 0,
      startMark: null,
      product: null,
      warnings: [],
    };
    for (const [state, reason] of [
      ['lost', 'the socket closed'],
      ['waiting', 'next in 5 s'],
      ['waiting', 'next in 4 s'],
      ['live', null],
    ] as const)
      await lab.database.run((tx) => storeLink(tx, lease, { ...record, state, reason }));
    const steps = await itemsOf(`/v1/pbxs/${own.pbx}/transitions`);
    expect(steps.map(({ was, state, reason }) => [was, state, reason])).toEqual([
      ['waiting', 'live', null],
      ['lost', 'waiting', 'next in 5 s'],
      ['live', 'lost', 'the socket closed'],
    ]);
    expect(steps[0]).toMatchObject({ holder: 'connector-acme', epoch: 0 });
    const { next } = await read(`/v1/pbxs/${own.pbx}/transitions?limit=2`);
    expect(await itemsOf(`/v1/pbxs/${own.pbx}/transitions?limit=2&after=${String(next)}`)).toHaveLength(1);
    expect(await itemsOf('/v1/links')).toMatchObject([
      { pbx: own.pbx, state: 'live', link: { heldBy: 'connector-acme', blocks: [] } },
    ]);
  });

  it('the nodes of push and how streams stand, where they may', async () => {
    const { context } = lab.opened;
    const node = { id: own.pbx, name: 'node-1', startedAt: Date.now() - 60_000, connections: 7, topics: 20 };
    const figures = { feeds: 1, bufferedBytes: 0, resumes: 3, resets: 1, slow: 0, deliveries: 100 };
    const times = { deliveryP50Ms: 1, deliveryP99Ms: 25, loopDelayMs: 2 };
    await notePushNode(context.connection, context.prefix, { ...node, ...figures, ...times });
    const platform = await lab.token('platform');
    const { items } = await read('/v1/platform/push-nodes', platform);
    expect(items).toMatchObject([{ name: 'node-1', connections: 7, deliveryP99Ms: 25 }]);
    const system = await read('/v1/platform/system', platform);
    expect(system).toMatchObject({
      groups: { ok: true, value: [{ group: 'lifecycle' }, { group: 'cleanup' }] },
      shards: { ok: true, value: [{ shard: 0 }, { shard: 1 }] },
      queues: {
        ok: true,
        value: expect.arrayContaining([
          { queue: 'commands to PBXs', waiting: 0, active: 0, delayed: 0, failed: 0 },
        ]) as object[],
      },
    });
    expect(JSON.stringify(system)).not.toContain('PBX of');
    for (const path of ['/v1/platform/push-nodes', '/v1/platform/system'])
      expect((await lab.ask(path, { token: operator })).status).toBe(403);
  });
});

describe('dead letters', () => {
  it('are grouped by what went wrong, and resolved as they were counted, not one more', async () => {
    const parked = async () =>
      lab.query<{ count: number }>(
        `select count(*)::integer as count from dead_letter where source = $1 and state = 'parked'`,
        [own.pbx],
      );
    for (let seq = 1_000; seq < 1_005; seq += 1) {
      const id = await addLetter(lab, own.pbx, seq);
      await lab.query(`update dead_letter set error = E'bad news\n at line ' || $2 where id = $1`, [id, seq]);
    }
    await addLetter(lab, foreign.pbx, 1_000);
    const groups = await read('/v1/dead-letters/groups?state=parked');
    expect(groups).toMatchObject({
      total: 8,
      items: [
        { error: 'bad news', group: 'lifecycle', type: 'call.ringing', count: 5, pbxs: 1 },
        { error: 'it was a bad day', count: 3 },
      ],
    });
    const failedBy = groups['countedAt'];
    const late = await addLetter(lab, own.pbx, 1_006);
    await lab.query(`update dead_letter set error = 'bad news' where id = $1`, [late]);

    const wish = { error: 'bad news', failedBy, count: 5 };
    const wrong = await lab.post('/v1/dead-letters/replay', operator, { ...wish, count: 4 });
    expect([wrong.status, wrong.body['reason'], wrong.body['count']]).toEqual([409, 'changed', 5]);
    const done = await lab.post('/v1/dead-letters/replay', operator, wish);
    expect(done.body).toMatchObject({ left: 0, next: null });
    expect((done.body['results'] as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 5 }, () => 'replayed'),
    );
    expect(await parked()).toEqual([{ count: 4 }]);

    const ids = [own.letters.toDrop, foreign.letters.toDrop, own.letters.toDrop];
    const dropped = await lab.post('/v1/dead-letters/drop', operator, { ids });
    expect(dropped.body['results']).toEqual([
      { id: foreign.letters.toDrop, outcome: 'gone', problem: null },
      { id: own.letters.toDrop, outcome: 'dropped', problem: null },
    ]);
    for (const body of [{}, { ids: [] }, { count: 1 }, { ids: ['x'] }, { ...wish, count: 0 }])
      expect((await lab.post('/v1/dead-letters/drop', operator, body)).status).toBe(422);
    const [audit] = await itemsOf('/v1/audit?action=dead-letter.replay');
    expect(audit).toMatchObject({ outcome: 'done', details: { error: 'bad news', letters: 5 } });
  });
});

describe('a sweep', () => {
  it('may be of these very calls, and the schedule tells of the last ones', async () => {
    const calls = [{ pbx: own.pbx, call: 'acme-open' }];
    const { status, body } = await lab.post('/v1/sweeps', operator, { dryRun: true, calls });
    expect(status).toBe(202);
    const sweep = await read(String(body['status']));
    expect(sweep['request']).toMatchObject({ dryRun: true, calls: 1 });
    const bad = await lab.post('/v1/sweeps', operator, { calls: [] });
    expect(bad.status).toBe(422);
    expect(await read('/v1/schedule')).toMatchObject({ scheduled: false, lastAt: null, skippedAt: null });
  });
});
