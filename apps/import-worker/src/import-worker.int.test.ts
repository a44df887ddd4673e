import { cancelImport } from '@trunkline/contacts';
import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createImportLab, type ImportLab } from './testing/import-lab.ts';
import { killWorkers } from './testing/kill-workers.ts';
import { differencesAfter, madeFile } from './testing/made-file.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let lab: ImportLab;
beforeAll(async () => {
  lab = await createImportLab();
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(() => lab.rows('truncate contact, contact_import, outbox, housekeeping cascade'));

it('takes up what has no job, tells how it goes on, and a second time changes nothing', async () => {
  await using replica = await lab.startReplica();
  const id = await lab.begin(madeFile(500));
  const ended = await lab.until(id, ({ finishedAt }) => finishedAt !== null);
  expect(ended).toMatchObject({ state: 'complete', rowsDone: 500 });
  expect(await differencesAfter(lab.database, id, 500)).toEqual([]);
  const told = lab.relayed.flatMap(({ payload }) => Object.keys(JSON.parse(payload) as object));
  expect(told[0]).toBe('import_progress');
  expect(told.at(-1)).toBe('import_complete');

  const again = await lab.begin(madeFile(500));
  expect(await lab.until(again, ({ finishedAt }) => finishedAt !== null)).toMatchObject({
    created: 0,
    updated: 0,
    rejected: ended.rejected,
  });
  const exposed = await replica.metrics.exposition();
  expect(exposed).toMatch(/trunkline_import_rows_total\{[^}]*outcome="created"[^}]*\} \d/);
  expect(exposed).toMatch(/trunkline_imports_total\{[^}]*outcome="complete"[^}]*\} 2/);
});

it('a worker that stops puts its import back, and another one goes on behind the last chunk', async () => {
  const id = await lab.begin(madeFile(20_000));
  const first = await lab.startReplica();
  await lab.until(id, ({ rowsDone }) => rowsDone > 0);
  await first[Symbol.asyncDispose]();
  const between = await lab.read(id);
  expect(between).toMatchObject({ state: 'running', finishedAt: null });
  await using _second = await lab.startReplica({ chunkRows: 5_000 });
  const ended = await lab.until(id, ({ finishedAt }) => finishedAt !== null);
  expect(ended).toMatchObject({ state: 'complete', rowsDone: 20_000 });
  expect(await differencesAfter(lab.database, id, 20_000)).toEqual([]);
});

it('workers that are killed at random moments leave a table that is exactly right', async () => {
  const { ended, kills, differences } = await killWorkers(lab, {
    rows: 6_000,
    kills: 3,
    chunkRows: 50,
    random: Math.random,
    livesMsMax: 100,
  });
  expect(ended).toMatchObject({ state: 'complete', rowsDone: 6_000 });
  expect(differences).toEqual([]);
  expect(kills).toBeGreaterThan(0);
});

it('forgets files that nobody imports and imports that have ended, and keeps contacts', async () => {
  const unstarted = await lab.upload(['name,phone\nAda,+49301234567\n']);
  const ended = await lab.begin(['name,phone,email,company\nAda,+49301234567,,\nBob,x,,\n']);
  const cancelled = await lab.begin(madeFile(10));
  await lab.database.run((transaction) => cancelImport(transaction, { id: cancelled }));
  const young = await lab.upload(['name,phone\nEve,+49301234568\n']);
  {
    await using _replica = await lab.startReplica();
    await lab.until(ended, ({ finishedAt }) => finishedAt !== null);
    expect(await lab.rows('select from contact_import')).toHaveLength(4);
  }
  await lab.rows(
    `update contact_import set created_at = created_at - interval '2 days', finished_at = finished_at - interval '2 days'
     where id <> $1`,
    [young.id],
  );
  await lab.rows('truncate housekeeping');
  await using _replica = await lab.startReplica();
  await vi.waitFor(
    async () => expect(await lab.rows('select id from contact_import')).toEqual([{ id: young.id }]),
    { timeout: 60_000 },
  );
  expect(await lab.storage.size(unstarted.fileKey)).toBeNull();
  expect(await lab.storage.size(young.fileKey)).not.toBeNull();
  expect(await lab.rows('select from contact_import_rejection')).toEqual([]);
  expect(await lab.rows('select name from contact')).toEqual([{ name: 'Ada' }]);
});

it('an import at which workers fail without a step is given up with a reason, and not tried for ever', async () => {
  const id = await lab.begin(madeFile(100));
  // As BullMQ gives a job up whose workers have died at it one after the other.
  const deadly = { ...lab.storage, get: () => Promise.reject(new UnrecoverableError('stalled too often')) };
  await using _replica = await lab.startReplica({ storage: deadly });
  const ended = await lab.until(id, ({ finishedAt }) => finishedAt !== null);
  expect(ended).toMatchObject({ state: 'failed', rowsDone: 0 });
  expect(ended.problem).toContain('again and again behind row 0');
});
