import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openImports, runImport } from '@trunkline/contacts';
import { createFolderStorage } from '@trunkline/storage';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CliLab } from '../testing/cli-lab.ts';

vi.setConfig({ testTimeout: 60_000 });

let lab: CliLab;
let folder: string;
beforeAll(async () => {
  lab = await CliLab.open();
  folder = await mkdtemp(join(tmpdir(), 'trunkline-cli-'));
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => lab.run(args, { env: { TRUNKLINE_STORAGE_DIR: join(folder, 'storage') } });

/** Stands for a worker. */
async function workOnce(): Promise<void> {
  const storage = createFolderStorage(join(folder, 'storage'));
  const [found] = await vi.waitFor(
    async () => {
      const open = await lab.database.run(openImports);
      expect(open).toHaveLength(1);
      return open;
    },
    { timeout: 30_000 },
  );
  await runImport({ database: lab.database, storage, relay: () => Promise.resolve() }, found?.id ?? '');
}

it('imports a file as the preview guesses, tells what became of it, and writes what was refused', async () => {
  const file = join(folder, 'people.csv');
  await writeFile(file, 'Name;Telefon;E-Mail\nAda Lovelace;+4930123456;ada@example.com\nNobody;none;\n');
  const rejected = join(folder, 'rejected.csv');
  const [ran] = await Promise.all([
    run('contacts', 'import', file, '--yes', '--rejected', rejected),
    workOnce(),
  ]);
  expect(ran).toMatchObject({ code: 0, out: 'complete: 2 rows, 1 created, 1 rejected' });
  expect(ran.notes).toMatch(/";".*\n.*Telefon +phone/s);
  expect(await readFile(rejected, 'utf8')).toContain('Nobody,none');

  const listed = await run('contacts', 'list', '--search', 'LOVE');
  expect(listed.out).toMatch(/Ada Lovelace.*ada@example\.com.*\+4930123456/);
  const [contact] = await lab.query<{ id: string }>('select id from contact');
  expect((await run('contacts', 'show', contact?.id ?? '')).out).toMatch(/name +Ada Lovelace/);
  expect((await run('imports', 'list')).out).toMatch(/people\.csv.*complete: 2 rows/);
});

it('imports nothing without somebody who agrees, and says what is wrong in words', async () => {
  const file = join(folder, 'more.csv');
  await writeFile(file, 'name,phone\nBob,+4930123457\n');
  expect(await run('contacts', 'import', file)).toMatchObject({
    code: 1,
    notes: expect.stringContaining('say --yes') as string,
  });
  expect(await run('contacts', 'import', join(folder, 'none.csv'))).toMatchObject({
    code: 1,
    notes: expect.stringContaining("can't be read") as string,
  });
  const empty = join(folder, 'empty.csv');
  await writeFile(empty, '');
  expect((await run('contacts', 'import', empty, '--yes')).notes).toContain('The file is empty');
  const [open] = await lab.query<{ id: string }>(
    `select id from contact_import where state = 'uploaded' limit 1`,
  );
  expect((await run('imports', 'cancel', open?.id ?? '')).notes).toContain('It is cancelled');
  expect((await run('imports', 'cancel', 'x')).code).toBe(1);
});
