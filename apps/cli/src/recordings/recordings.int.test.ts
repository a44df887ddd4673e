import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileKeyOf, type ListedRecording } from '@trunkline/recordings';
import { createFolderStorage } from '@trunkline/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CliLab } from '../testing/cli-lab.ts';

let lab: CliLab;
let folder: string;
beforeAll(async () => {
  [lab, folder] = [await CliLab.open(), await mkdtemp(join(tmpdir(), 'cli-files-'))];
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) =>
  lab.run(['recordings', ...args], { env: { TRUNKLINE_STORAGE_DIR: join(folder, 'storage') } });

it('lists, shows and downloads what is there, says why something is not, and writes nothing over', async () => {
  expect((await run('list')).out).toBe('There are no such recordings.');
  await lab.hear('recording.ready', { recording: 'a.wav', call: 'c1', durationSeconds: 7 }, 60);
  await lab.hear('recording.ready', { recording: 'b.wav', call: 'c2' });
  await lab.query(
    `update recording set status = 'stored', bytes = 2048, content_type = 'audio/wav' where recording_key = 'a.wav'`,
  );
  const { items } = await lab.json<{ items: ListedRecording[] }>('recordings', 'list', '--call', 'c1');
  const [{ id, tenant }] = items as [ListedRecording];
  expect(items).toMatchObject([{ recording: 'a.wav', status: 'stored', durationSeconds: 7 }]);
  expect((await run('list', '--status', 'stored')).out).toMatch(new RegExp(`${id} .*c1 +7 s +stored +2 KiB`));
  expect((await run('show', id)).out).toMatch(/called +a.wav\n[^]*sound +audio\/wav, 2 KiB/);
  expect(await run('show', 'x')).toMatchObject({
    code: 1,
    notes: expect.stringContaining('no recording "x"') as string,
  });

  const file = join(folder, 'a.wav');
  expect(await run('download', id, file)).toMatchObject({
    code: 1,
    notes: expect.stringContaining('TRUNKLINE_STORAGE_DIR') as string,
  });
  const storage = createFolderStorage(join(folder, 'storage'));
  await storage.put(fileKeyOf(tenant, id), Readable.from(['sound']), { bytesMax: 10 });
  expect((await run('download', id, file)).code).toBe(0);
  expect(await readFile(file, 'utf8')).toBe('sound');
  expect((await run('download', id, file)).notes).toContain('already');
  expect(await readFile(file, 'utf8')).toBe('sound');
  const audit = await lab.query(
    'select actor, outcome from operator_action where action = $1 and target = $2 order by at, id',
    ['recording.download', id],
  );
  expect(audit).toEqual(
    ['failed', 'done', 'failed'].map((outcome) => ({ actor: 'ada (command line)', outcome })),
  );
  const [pending] = (await lab.json<{ items: ListedRecording[] }>('recordings', 'list', '--call', 'c2'))
    .items;
  expect((await run('download', pending?.id ?? '', file)).notes).toContain('it is pending');
});

it('tells and sets how long a tenant keeps them', async () => {
  expect((await run('keep')).out).toBe('Acme keeps recordings until somebody deletes them.');
  expect((await run('keep', '--days', '90')).out).toContain('for 90 days');
  expect(await lab.json('recordings', 'keep')).toEqual({ tenant: 'Acme', days: 90 });
  expect(await run('keep', '--days', '0')).toMatchObject({
    code: 1,
    notes: expect.stringContaining('forever') as string,
  });
  expect((await run('keep', '--days', 'forever')).out).toContain('until somebody');
});
