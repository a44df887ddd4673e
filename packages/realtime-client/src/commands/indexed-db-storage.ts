/* oxlint-disable unicorn/prefer-add-event-listener -- one handler each, so that letting go of it is one assignment */
import type { CommandStorage, StoredCommand } from './command-storage.ts';

interface Request<Result> {
  readonly result: Result;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface ObjectStore {
  put(value: unknown): Request<unknown>;
  delete(key: string): Request<unknown>;
  getAll(): Request<StoredCommand[]>;
}

interface Opened {
  createObjectStore(name: string, options: { keyPath: string }): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): { objectStore(name: string): ObjectStore };
}

interface IndexedDb {
  open(name: string, version: number): Request<Opened> & { onupgradeneeded: (() => void) | null };
}

const table = 'commands';
/** A database that another tab blocks never answers. */
const answerMs = 2_000;

/**
 * Commands in IndexedDB, where there is one. Private windows have none, or one that throws; then commands live only in the
 * memory of whoever uses this, as long as the page.
 */
export function indexedDbStorage(name = 'trunkline-commands'): CommandStorage {
  let opened: Promise<Opened> | undefined;

  async function open(): Promise<Opened> {
    // Even to look for it throws in some windows, and where there is none this does.
    const { indexedDB } = globalThis as unknown as { readonly indexedDB: IndexedDb };
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: 'key' });
    return await answerOf(request);
  }

  /** Null where the database does not do it. */
  async function attempt<Result>(
    mode: 'readonly' | 'readwrite',
    work: (store: ObjectStore) => Request<Result>,
  ): Promise<Result | null> {
    try {
      const database = await (opened ??= open());
      return await answerOf(work(database.transaction(table, mode).objectStore(table)));
    } catch {
      return null;
    }
  }

  return {
    async load() {
      return (await attempt('readonly', (store) => store.getAll())) ?? [];
    },
    async put(command) {
      await attempt('readwrite', (store) => store.put(command));
    },
    async remove(key) {
      await attempt('readwrite', (store) => store.delete(key));
    },
  };
}

async function answerOf<Result>(request: Request<Result>): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  // Nobody hears why: a command then lives as long as the page.
  const timer = setTimeout(reject, answerMs);
  request.onsuccess = () => resolve(request.result);
  request.onerror = reject;
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
