import type { Store } from './store.ts';
import type { Thing, Things } from './things.ts';

/** Something to look at: a snapshot that stays the same object until it changes, and how to hear of that. */
export interface View<Value> {
  getSnapshot(): Value;
  subscribe(listener: () => void): () => void;
}

/** The rows of a kind that a filter lets through; the same array until one of them is another. */
export function selectRows<Name extends Thing>(
  store: Pick<Store, 'list' | 'subscribe'>,
  name: Name,
  filter?: (row: Things[Name]) => boolean,
): View<readonly Things[Name][]> {
  let list: readonly Things[Name][] | undefined;
  let selected: readonly Things[Name][] = [];
  return {
    getSnapshot() {
      const now = store.list(name);
      if (now === list) return selected;
      list = now;
      const next = filter === undefined ? now : now.filter(filter);
      if (!sameRows(next, selected)) selected = next;
      return selected;
    },
    subscribe: (listener) => store.subscribe(name, listener),
  };
}

const sameRows = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((row, index) => row === other[index]);
