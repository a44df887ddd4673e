import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkKey } from './check-key.ts';
import {
  StorageError,
  type FileStorage,
  type GetOptions,
  type PutOptions,
  type StoredFile,
} from './file-storage.ts';
import { createMeasure } from './measure.ts';

/**
 * Files in a folder of this machine, or of a disk that several mount. A file is written beside its place and renamed when all of it lies on
 * the disk. Keys hold nothing that leads out of the folder; whoever may put links into the folder may do anything already.
 */
export function createFolderStorage(folder: string): FileStorage {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, checkKey(key));
  return {
    put: (key, source, options) => put(pathOf(key), key, source, options),
    get: (key, options = {}) => get(pathOf(key), key, options),
    async size(key) {
      try {
        const found = await stat(pathOf(key));
        return found.isFile() ? found.size : null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw failed(error);
      }
    },
    async delete(key) {
      await rm(pathOf(key), { force: true }).catch((error: unknown) => {
        if (!isMissing(error)) throw failed(error);
      });
    },
  };
}

async function put(path: string, key: string, source: Readable, options: PutOptions): Promise<StoredFile> {
  // What a crash leaves behind is told by its name, which no key may have.
  const unfinished = `${path}.${randomUUID()}.part`;
  const measure = createMeasure(options.bytesMax);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const target = createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true });
    const { signal } = options;
    await pipeline(
      source,
      (bytes: AsyncIterable<Buffer>) => measure.pass(bytes),
      target,
      signal === undefined ? {} : { signal },
    );
    await rename(unfinished, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw isOfDisk(error) ? failed(error) : error;
  }
  return { key, ...measure.result() };
}

async function get(path: string, key: string, { range, signal }: GetOptions): Promise<Readable> {
  try {
    const file = await open(path, 'r');
    return file.createReadStream({
      ...(range !== undefined && { start: range.first }),
      ...(range?.last !== undefined && { end: range.last }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (isMissing(error))
      throw new StorageError('unknown', `There is no file ${key} in the storage`, { cause: error });
    throw failed(error);
  }
}

/** A name is there after a loss of power only when its folder was written too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
};

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

const diskCodes = new Set([
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENFILE',
]);

const isOfDisk = (error: unknown): boolean => diskCodes.has(codeOf(error));

/** The path stays in the cause: it is of no use to whoever sent a file. */
const failed = (error: unknown): StorageError =>
  new StorageError(
    'unavailable',
    `The storage of files does not work just now (${codeOf(error)}); look at its disk and at who may write to its folder`,
    { cause: error },
  );
