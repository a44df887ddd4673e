import type { Store } from './store.ts';
import type { Thing, Things } from './things.ts';

type Filter<Name extends Thing> = (row: Things[Name]) => boolean;

/** The rows of a kind that a filter lets through: the same array until one of them, or what the filter says, changes. */
export interface Selection<Name extends Thing> {
  readonly read: (filter?: Filter<Name>) => readonly Things[Name][];
  readonly subscribe: (listener: () => void) => () => void;
}

export function selectRows<Name extends Thing>(
  store: Pick<Store, 'list' | 'subscribe'>,
  name: Name,
): Selection<Name> {
  let list: readonly Things[Name][] | undefined;
  let filter: Filter<Name> | undefined;
  let selected: readonly Things[Name][] = [];
  return {
    read(wanted) {
      const now = store.list(name);
      if (now === list && wanted === filter) return selected;
      list = now;
      filter = wanted;
      const next = filter === undefined ? now : now.filter(filter);
      const same = next.length === selected.length && next.every((row, index) => row === selected[index]);
      if (!same) selected = next;
      return selected;
    },
    subscribe: (listener) => store.subscribe(name, listener),
  };
}
