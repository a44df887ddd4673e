import { Readable } from 'node:stream';
import { createTestDatabase, startFaultProxy } from '@trunkline/backing-services/testing';
import { expect, it } from 'vitest';
import { openDatabase } from './database.ts';

it('a query on a connection that fell silent fails, and the next one gets another connection', async () => {
  await using created = await createTestDatabase();
  await using proxy = await startFaultProxy({ port: Number(new URL(created.url).port) });
  const warnings: string[] = [];
  await using database = await openDatabase({
    url: proxy.through(created.url),
    applicationName: 'test',
    connectionsMax: 1,
    silenceMs: 300,
    warn: (message) => warnings.push(message),
  });
  await database.ping();
  proxy.freeze('up', 'down');
  await expect(database.ping()).rejects.toThrow(/nothing came from PostgreSQL|terminated/);
  proxy.thaw();
  await database.ping();
  expect(warnings.join()).toContain('nothing came from PostgreSQL');
});

it('a connection may rest in the pool for longer than a query may be silent', async () => {
  await using created = await createTestDatabase();
  const warnings: string[] = [];
  await using database = await openDatabase({
    url: created.url,
    applicationName: 'test',
    connectionsMax: 1,
    silenceMs: 100,
    warn: (message) => warnings.push(message),
  });
  const session = () =>
    database.run((transaction) => transaction.query<{ pid: number }>('select pg_backend_pid() as pid'));
  const before = await session();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await session()).toEqual(before);
  expect(warnings).toEqual([]);
});

it('a client that falls silent inside a transaction loses its locks, and its late commit fails', async () => {
  await using created = await createTestDatabase();
  await using database = await openDatabase({ url: created.url, applicationName: 'test' });
  await database.run((transaction) => transaction.query('create table lock_test (id integer primary key)'));
  const silent = database.run(async (transaction) => {
    await transaction.query(`set local idle_in_transaction_session_timeout = '200ms'`);
    await transaction.query('insert into lock_test values (1)');
    await new Promise((resolve) => setTimeout(resolve, 600));
  });
  await expect(silent).rejects.toThrow('not queryable');
  await database.run((transaction) => transaction.query('insert into lock_test values (1)'));
});

it('sessions that the server ends cost no place in the pool, whenever it ends them', async () => {
  await using created = await createTestDatabase();
  await using database = await openDatabase({
    url: created.url,
    applicationName: 'victim',
    connectionsMax: 2,
  });
  await using killer = await openDatabase({ url: created.url, applicationName: 'killer' });
  const killAll = () =>
    killer.run((transaction) =>
      transaction.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'victim' and datname = current_database()`),
    );
  for (let round = 0; round < 10; round += 1) {
    const inTransaction = database.run(async (transaction) => {
      await transaction.query('select 1');
      await killAll();
      await transaction.query('select 1');
    });
    await expect(inTransaction).rejects.toThrow(/terminat|not queryable|ECONNRESET/);
    // Now one lies idle in the pool, and is killed before it can begin.
    await database.ping().catch(() => undefined);
    await killAll();
    await database.run((transaction) => transaction.query('select 1')).catch(() => undefined);
  }
  // One that was killed a moment ago may still lie in the pool; a place that was lost would stay lost.
  const answersAll = () => Promise.all([database.ping(), database.ping(), database.ping()]).then(() => true);
  await expect.poll(() => answersAll().catch(() => false), { timeout: 15_000 }).toBe(true);
});

it('closes while transactions begin and run: each of them ends, and nothing is waited for that never comes', async () => {
  await using created = await createTestDatabase();
  for (let round = 0; round < 24; round += 1) {
    const database = await openDatabase({ url: created.url, applicationName: 'closing', connectionsMax: 3 });
    if (round % 2 === 1) await database.ping();
    const runs = Array.from({ length: 1 + (round % 6) }, () =>
      database.run((transaction) => transaction.query('select 1')),
    );
    const settled = Promise.allSettled(runs);
    await new Promise((resolve) => setTimeout(resolve, round % 5));
    await database.close();
    await settled;
  }
});

it('COPY joins its transaction, and one that breaks off leaves neither rows nor a lost place in the pool', async () => {
  await using created = await createTestDatabase();
  await using database = await openDatabase({
    url: created.url,
    applicationName: 'test',
    connectionsMax: 1,
  });
  const rows = () =>
    database.run((transaction) => transaction.query<{ text: string }>('select text from copied order by 1'));
  await database.run((transaction) => transaction.query('create table copied (text text)'));
  const copy = 'copy copied from stdin';
  await database.copying(async (transaction) => {
    await transaction.query(`insert into copied values ('before')`);
    await transaction.copyIn(copy, Readable.from([Buffer.from('copied \\\\ tab\\tbreak\\n\n')]));
  });
  expect((await rows()).map(({ text }) => text)).toEqual(['before', 'copied \\ tab\tbreak\n']);
  const failing = database.copying(async (transaction) => {
    await transaction.copyIn(copy, Readable.from([Buffer.from('lost\n')]));
    throw new Error('something else went wrong');
  });
  await expect(failing).rejects.toThrow('something else went wrong');
  const broken = (function* () {
    yield Buffer.from('half\n');
    throw new Error('the source broke');
  })();
  const breaking = database.copying((transaction) => transaction.copyIn(copy, Readable.from(broken)));
  await expect(breaking).rejects.toThrow('the source broke');
  const wrong = database.copying((transaction) =>
    transaction.copyIn(copy, Readable.from([Buffer.from('a\tb\n')])),
  );
  await expect(wrong).rejects.toThrow('extra data');
  expect(await rows()).toHaveLength(2);
});
