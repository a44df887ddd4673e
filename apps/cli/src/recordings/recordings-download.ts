import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { beginOperatorAction, finishOperatorAction } from '@trunkline/database';
import { fileKeyOf } from '@trunkline/recordings';
import { createFolderStorage, StorageError } from '@trunkline/storage';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import { findRecording } from './find-recording.ts';

export async function runRecordingsDownload(bench: Bench, called: string, file: string): Promise<void> {
  const { id, tenant, status } = await findRecording(bench, called);
  if (status !== 'stored')
    throw new Failure(`Its sound is not here: it is ${status}. "trunkline recordings show ${id}" says why.`);
  const database = await bench.database();
  const action = { tenant, actor: bench.operator, action: 'recording.download', target: id };
  const line = await database.run((transaction) => beginOperatorAction(transaction, action));
  try {
    await write(bench, fileKeyOf(tenant, id), file);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    await database.run((transaction) => finishOperatorAction(transaction, line, 'failed', problem));
    throw error;
  }
  await database.run((transaction) => finishOperatorAction(transaction, line, 'done', null));
  bench.terminal.out(`Wrote ${file}.`);
}

async function write({ settings, signal }: Bench, key: string, file: string): Promise<void> {
  const target = await create(file);
  try {
    const sound = await createFolderStorage(settings.storage.folder).get(key, { signal });
    await pipeline(sound, target, { signal });
  } catch (error) {
    target.destroy();
    await rm(file, { force: true });
    if (!(error instanceof StorageError)) throw error;
    throw new Failure(`${error.message}. Is TRUNKLINE_STORAGE_DIR the folder of the recording-worker?`, {
      cause: error,
    });
  }
}

/** A file of ours, which nobody had before: one that is there is somebody's. */
async function create(file: string): Promise<WriteStream> {
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  try {
    await once(target, 'open');
    return target;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'EEXIST') throw new Failure(`There is a file ${file} already.`, { cause: error });
    throw new Failure(`${file} can't be written (${String(code)}).`, { cause: error });
  }
}
