import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Database, OutboxMessage } from '@trunkline/database';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { tenantId } from '@trunkline/domain';
import { createFolderStorage, type FileStorage } from '@trunkline/storage';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { ColumnTarget } from '../csv/guess-columns.ts';
import { cancelImport, insertImport, startImport, type ContactImport } from './contact-import.ts';
import type { ImportPlan } from './import-plan.ts';
import { previewImport, receiveFile } from './receive-file.ts';
import { findByNumber } from '../store/find-by-number.ts';
import { runImport, type ImportHost } from './run-import.ts';

vi.setConfig({ testTimeout: 120_000 });

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
const columns: readonly ColumnTarget[] = ['name', 'phone', 'email', 'company'];

let database: Database;
let folder: string;
let storage: FileStorage;
beforeAll(async () => {
  database = await preparedDatabase();
  folder = await mkdtemp(join(tmpdir(), 'imports-'));
  storage = createFolderStorage(folder);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
beforeEach(() => query('truncate contact, contact_import, outbox cascade'));

const query = <Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
  database.run((transaction) => transaction.query<Row>(statement, parameters));

async function begin(text: string, wishes: Partial<ImportPlan> = {}, tenant = one): Promise<string> {
  const id = randomUUID();
  const stored = await storage.put(`imports/${id}.csv`, Readable.from([text]), { bytesMax: 10_000_000 });
  await database.run(async (transaction) => {
    const { key: fileKey, bytes, sha256 } = stored;
    const file = { fileKey, fileName: 'contacts.csv', bytes, sha256, isUtf8: true };
    await insertImport(transaction, { id, tenant, by: 'ada', ...file });
    const format = { encoding: 'utf-8', delimiter: ',', hasHeader: true } as const;
    const plan: ImportPlan = { format, columns, country: 'DE', policy: 'update', isDryRun: false, ...wishes };
    await startImport(transaction, { id, tenant }, plan);
  });
  return id;
}

const told: OutboxMessage[] = [];
const host = (wishes: Partial<ImportHost> = {}): ImportHost => ({
  database,
  storage,
  relay: (messages) => {
    told.push(...messages);
    return Promise.resolve();
  },
  chunkRows: 10,
  ...wishes,
});
const run = async (text: string, wishes: Partial<ImportPlan> = {}): Promise<ContactImport> =>
  runImport(host(), await begin(text, wishes));
const counts = ({ state, rowsDone, created, updated, unchanged, skipped, rejected }: ContactImport) => ({
  state,
  rowsDone,
  made: [created, updated, unchanged, skipped, rejected],
});
const contacts = () =>
  query<object>(
    `select c.id, c.name, c.email, c.company, c.revision, c.tenant_id as tenant,
       (select string_agg(n.number, ' ' order by n.seq) from contact_number n where n.contact_id = c.id) as numbers
     from contact c order by c.seq`,
  );

/** Every fifth row is about somebody whom an earlier one was about, and every seventh is refused. */
const file = (rows: number): string => {
  const lines = Array.from({ length: rows }, (_, index) => {
    const person = index % 5 === 4 ? index - 3 : index;
    const number = index % 7 === 6 ? 'none' : `030 ${1_000_000 + person}`;
    return `Person ${person},${number},,Company ${index % 3}`;
  });
  return `name,phone,email,company\n${lines.join('\n')}\n`;
};

it('imports a file in chunks, tells what became of it, and the same file twice changes nothing', async () => {
  told.length = 0;
  const text = file(95);
  const first = await run(text);
  expect(counts(first)).toEqual({ state: 'complete', rowsDone: 95, made: [68, 0, 14, 0, 13] });
  const before = await contacts();
  expect(before).toHaveLength(68);
  expect(before[0]).toMatchObject({ name: 'Person 0', numbers: '+49301000000', company: 'Company 0' });
  const last = JSON.parse(told.at(-1)?.payload ?? '{}') as Record<string, object[]>;
  expect(last['import_complete']?.[0]).toMatchObject({
    import: first.id,
    state: 'complete',
    done: 95,
    total: 95,
  });

  for (const policy of ['update', 'fill', 'skip'] as const) {
    const again = await run(text, { policy });
    expect(counts(again)).toMatchObject({ state: 'complete', rowsDone: 95 });
    expect(again.created).toBe(0);
    expect(await contacts()).toEqual(before);
  }
  expect(await query('select from contact_import_touch')).toEqual([]);
});

it('updates by the policy, and leaves other tenants’ contacts alone', async () => {
  const rows = (name: string, company: string) =>
    `name,phone,email,company\n${name},030 1234567,,${company}\n`;
  await runImport(host(), await begin(rows('Theirs', ''), {}, other));
  await run(rows('Ada', ''));
  await run(rows('Someone', 'Acme'), { policy: 'fill' });
  await run(rows('Nobody', 'Nowhere'), { policy: 'skip' });
  expect(await contacts()).toMatchObject([
    { tenant: other, name: 'Theirs', company: null, revision: 1 },
    { tenant: one, name: 'Ada', company: 'Acme', revision: 2 },
  ]);
  await run(rows('Ada Lovelace', ''));
  expect((await contacts())[1]).toMatchObject({ name: 'Ada Lovelace', company: 'Acme', revision: 3 });
});

it('a dry run counts the same and does nothing', async () => {
  const dry = await run(file(9), { isDryRun: true });
  expect(counts(dry)).toEqual(counts(await run(file(9))));
  expect(await contacts()).not.toEqual([]);
  await query('truncate contact cascade');
  await run(file(9), { isDryRun: true });
  expect(await contacts()).toEqual([]);
});

it('keeps what was refused, word for word, with all that is wrong with it', async () => {
  const nasty = 'tab\there \\N \\. "quoted", {brace}';
  const { id } = await run(`name,phone,email,company\n"${nasty.replaceAll('"', '""')}",x\0y,nobody,\n`);
  const [rejection] = await query<{ row: string; reasons: string; cells: string }>(
    `select row, array_to_json(reasons)::text as reasons, array_to_json(cells)::text as cells
     from contact_import_rejection where import_id = $1`,
    [id],
  );
  expect(JSON.parse(rejection?.cells ?? '')).toEqual([nasty, 'x\ufffdy', 'nobody', '']);
  expect(JSON.parse(rejection?.reasons ?? '')).toHaveLength(2);
});

it('text of any kind comes through the COPY as it is', async () => {
  const company = 'Müller \\ Söhne\\t {"a",b} \\. \\N 👩‍💻';
  await run(`name,phone,email,company\n"=1+1\\",030 1234567,,"${company.replaceAll('"', '""')}"\n`);
  expect(await contacts()).toMatchObject([{ name: '=1+1\\', company }]);
});

it('a worker that dies at any chunk leaves what another one finishes, and the table is the same as without it', async () => {
  const text = file(95);
  await run(text);
  const names = async () => (await contacts()).map((each) => ({ ...each, id: '' }));
  const expected = await names();
  for (const chunk of [1, 4, 9]) {
    await query('truncate contact, contact_import cascade');
    const id = await begin(text);
    let chunks = 0;
    // It dies before the commit of one chunk, and after the commit of another, before anybody hears of it.
    const dying = (isBefore: boolean, diesAt: number): ImportHost => ({
      ...host(),
      database: {
        run: (work) => database.run(work),
        copying: async (work) => {
          const result = await database.copying(async (transaction) => {
            const done = await work(transaction);
            if ((chunks += 1) === diesAt && isBefore) throw new Error('killed before its commit');
            return done;
          });
          if (chunks === diesAt) throw new Error('killed behind its commit');
          return result;
        },
      },
    });
    await expect(runImport(dying(true, chunk), id)).rejects.toThrow('killed before');
    chunks = 0;
    await expect(runImport(dying(false, 1), id)).rejects.toThrow('killed behind');
    const ended = await runImport(host(), id);
    expect(counts(ended)).toMatchObject({ state: 'complete', rowsDone: 95, made: [68, 0, 14, 0, 13] });
    expect(await names()).toEqual(expected);
    expect(await query('select from contact_import_rejection where import_id = $1', [id])).toHaveLength(13);
  }
});

it('of two workers at one import each chunk is done by one of them', async () => {
  const id = await begin(file(95));
  await Promise.all([runImport(host(), id), runImport(host(), id), runImport(host(), id)]);
  // One that found itself overtaken leaves it to the other one, which may have been overtaken as well.
  expect(counts(await runImport(host(), id))).toEqual({
    state: 'complete',
    rowsDone: 95,
    made: [68, 0, 14, 0, 13],
  });
  expect(await contacts()).toHaveLength(68);
});

it('a cancelled import ends at its next chunk, and what was done stays', async () => {
  const id = await begin(file(95));
  let chunks = 0;
  const cancelling: ImportHost = {
    ...host(),
    database: {
      run: (work) => database.run(work),
      copying: async (work) => {
        if ((chunks += 1) === 3) await database.run((transaction) => cancelImport(transaction, { id }));
        return database.copying(work);
      },
    },
  };
  const ended = await runImport(cancelling, id);
  expect(ended).toMatchObject({ state: 'cancelled', rowsDone: 20 });
  expect(JSON.parse(told.at(-1)?.payload ?? '')).toMatchObject({ import_error: [{ state: 'cancelled' }] });
  await expect(database.run((transaction) => cancelImport(transaction, { id }))).rejects.toThrow(
    'ended already',
  );
  expect(await runImport(host(), id)).toMatchObject({ state: 'cancelled', rowsDone: 20 });
});

it('what is no table ends the import with the reason, behind the rows before it', async () => {
  const ended = await run('name,phone,email,company\nAda,030 1234567,,\n"Bob,030 1234568,,\n');
  expect(ended).toMatchObject({ state: 'failed', rowsDone: 1, created: 1 });
  expect(ended.problem).toContain('row 2 or behind it is never closed');
  const gone = await begin(file(3));
  await storage.delete(`imports/${gone}.csv`);
  expect(await runImport(host(), gone)).toMatchObject({ state: 'failed', rowsDone: 0 });
});

it('screens are told of progress no more often than they may be', async () => {
  told.length = 0;
  let clock = 0;
  const id = await begin(file(95));
  await runImport(host({ now: () => (clock += 50), tellEveryMs: 250 }), id);
  const types = told.flatMap(({ payload }) => Object.keys(JSON.parse(payload) as object));
  expect(types.at(-1)).toBe('import_complete');
  // Of ten chunks each asks the clock once or twice.
  expect(types.filter((type) => type === 'import_progress').length).toBeLessThanOrEqual(4);
});

it('a number is somebody’s, however a PBX writes it, and nobody’s of another tenant', async () => {
  await query(`update tenant set default_country = 'DE'`);
  await runImport(host(), await begin('name,phone,email,company\nTheirs,030 9999999,,\n', {}, other));
  await run(
    'name,phone,email,company\nAda,030 1234567,ada@x.org,Acme\nBob,030 1234567,bob@x.org,Acme\nCem,0170 1234567,,\n',
  );
  const written = [
    '0301234567',
    '+49301234567',
    '0049 30 1234567',
    '01701234567',
    '0309999999',
    '1042',
    'anonymous',
  ];
  const found = await database.forTenant(one, (_em, transaction) => findByNumber(transaction, written));
  expect([...found].map(([number, { name }]) => [number, name])).toEqual([
    ['0301234567', 'Ada'],
    ['+49301234567', 'Ada'],
    ['0049 30 1234567', 'Ada'],
    ['01701234567', 'Cem'],
  ]);
});

it('a file is stored as it comes in, previewed, and found by its own tenant alone', async () => {
  await query(`update tenant set default_country = 'DE'`);
  const bytes = Buffer.from('Name;Telefon\nJörg;030 1234567\nBob;none\n', 'latin1');
  const source = async function* () {
    yield bytes.subarray(0, 15);
    yield bytes.subarray(15);
  };
  const wanted = { tenant: one, by: 'ada', fileName: '../../etc/pass\u0000wd', bytesMax: 1_000 };
  const received = await receiveFile({ database, storage }, { ...wanted, source: source() });
  expect(received).toMatchObject({
    state: 'uploaded',
    bytes: bytes.length,
    isUtf8: false,
    fileName: '../../etc/passwd',
  });
  expect(received.fileKey).toBe(`imports/${one}/${received.id}.csv`);
  const { id } = received;
  expect(await previewImport({ database, storage }, { id, tenant: one })).toMatchObject({
    encoding: 'windows-1252',
    delimiter: ';',
    hasHeader: true,
    columns: [
      { header: 'Name', target: 'name', samples: ['Jörg', 'Bob'] },
      { header: 'Telefon', target: 'phone' },
    ],
    rows: [
      { row: 1, card: { name: 'Jörg' } },
      { row: 2, card: null },
    ],
  });
  await expect(previewImport({ database, storage }, { id, tenant: other })).rejects.toMatchObject({
    problem: 'unknown',
  });
  const large = receiveFile({ database, storage }, { ...wanted, source: source(), bytesMax: 20 });
  await expect(large).rejects.toMatchObject({ problem: 'too-large' });
  expect(await query('select from contact_import')).toHaveLength(1);
});
