import type { Thing, Things } from './things.ts';

type Listener = () => void;

/**
 * The rows of one kind. `shown` is what everybody sees and changes only in `flush`, all of it at once, so that two readers
 * never see different moments; `coming` is what has been merged since.
 */
export class Table<Name extends Thing> {
  readonly shown = new Map<string, Things[Name]>();
  /** The keys of the rows that the last flush changed. */
  changed: readonly string[] = [];
  readonly #coming = new Map<string, Things[Name] | null>();
  readonly #listeners = new Set<Listener>();
  readonly #keyListeners = new Map<string, Set<Listener>>();
  readonly #counts = new Map<string, number>();
  #list: readonly Things[Name][] | undefined;
  #tally: Readonly<Record<string, number>> | undefined;

  latest(key: string): Things[Name] | undefined {
    const coming = this.#coming.get(key);
    return coming === undefined ? this.shown.get(key) : (coming ?? undefined);
  }

  /** Null takes the row away. */
  put(key: string, row: Things[Name] | null): void {
    this.#coming.set(key, row);
  }

  get hasNews(): boolean {
    return this.#coming.size > 0;
  }

  flush(): Listener[] {
    const woken: Listener[] = [];
    for (const [key, row] of this.#coming) {
      this.#count(this.shown.get(key), -1);
      this.#count(row, 1);
      if (row === null) this.shown.delete(key);
      else this.shown.set(key, row);
      woken.push(...(this.#keyListeners.get(key) ?? []));
    }
    if (this.#coming.size > 0) woken.push(...this.#listeners);
    this.changed = [...this.#coming.keys()];
    this.#coming.clear();
    this.#list = undefined;
    this.#tally = undefined;
    return woken;
  }

  /** Every row; the same array until something changes. */
  list(): readonly Things[Name][] {
    return (this.#list ??= [...this.shown.values()]);
  }

  /** How many rows have each status, counted as they change. */
  tally(): Readonly<Record<string, number>> {
    return (this.#tally ??= Object.fromEntries(this.#counts));
  }

  subscribe(listener: Listener, key?: string): () => void {
    const set = key === undefined ? this.#listeners : (this.#keyListeners.get(key) ?? new Set());
    if (key !== undefined) this.#keyListeners.set(key, set);
    set.add(listener);
    return () => {
      set.delete(listener);
      if (key !== undefined && set.size === 0 && this.#keyListeners.get(key) === set)
        this.#keyListeners.delete(key);
    };
  }

  #count(row: Things[Name] | null | undefined, by: number): void {
    const status = (row as { readonly status?: string } | null | undefined)?.status;
    if (status === undefined) return;
    const count = (this.#counts.get(status) ?? 0) + by;
    if (count > 0) this.#counts.set(status, count);
    else this.#counts.delete(status);
  }
}
