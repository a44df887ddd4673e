import type { Readable } from 'node:stream';

export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

export interface PutOptions {
  /** A file that grows beyond this is refused with `too-large`, and nothing of it is kept. */
  readonly bytesMax: number;
  readonly signal?: AbortSignal | undefined;
}

export interface GetOptions {
  /** The first byte wanted, and the last one; the whole file unless given. */
  readonly range?: { readonly first: number; readonly last?: number | undefined } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where files are kept. A file is there whole or not at all, whoever dies meanwhile, and is never changed: what is put under a key that is
 * taken replaces it in one step. Keys are made by us and say where the file belongs: `imports/<tenant>/<id>.csv`.
 */
export interface FileStorage {
  put(key: string, source: Readable, options: PutOptions): Promise<StoredFile>;
  /** Rejects with `unknown` where there is no such file; a stream that was opened tells the whole file or fails. */
  get(key: string, options?: GetOptions): Promise<Readable>;
  /** In bytes; null where there is no such file. */
  size(key: string): Promise<number | null>;
  /** A file that is not there is deleted already. */
  delete(key: string): Promise<void>;
}

export type StorageProblem = 'bad-key' | 'too-large' | 'unknown' | 'unavailable';

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly problem: StorageProblem;

  constructor(problem: StorageProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
