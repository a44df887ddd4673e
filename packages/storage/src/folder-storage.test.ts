import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFolderStorage } from './index.ts';
import { runFileStorageTests } from './testing/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'));
});
afterAll(() => rm(folder, { recursive: true }));

runFileStorageTests(() => createFolderStorage(folder));

it('leaves nothing beside the files that were stored', async () => {
  const storage = createFolderStorage(join(folder, 'own'));
  const refused = storage.put('x', Readable.from(['123']), { bytesMax: 2 });
  await expect(refused).rejects.toThrow('larger than 2 bytes');
  await storage.put('y', Readable.from(['1']), { bytesMax: 2 });
  expect(await readdir(join(folder, 'own'))).toEqual(['y']);
});

it('says what is wrong where the folder can’t be', async () => {
  const storage = createFolderStorage(join(folder, 'own', 'y'));
  await expect(storage.put('a/b', Readable.from(['1']), { bytesMax: 2 })).rejects.toMatchObject({
    problem: 'unavailable',
  });
  expect(await storage.size('a')).toBeNull();
});
