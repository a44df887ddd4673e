import { selectRows, type Thing, type Things } from '@trunkline/realtime-client/store';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useRealtime } from './realtime-provider.tsx';

/** The rows of a kind; the same array until one of those that the filter lets through changes. */
export function useRows<Name extends Thing>(
  name: Name,
  filter?: (row: Things[Name]) => boolean,
): readonly Things[Name][] {
  const { store } = useRealtime();
  const selection = useMemo(() => selectRows(store, name), [store, name]);
  const read = () => selection.read(filter);
  return useSyncExternalStore(selection.subscribe, read, read);
}

/** One row; nothing else wakes the component. */
export function useRow<Name extends Thing>(name: Name, key: string): Things[Name] | undefined {
  const { store } = useRealtime();
  const subscribe = useCallback(
    (listener: () => void) => store.subscribe(name, listener, key),
    [store, name, key],
  );
  const read = () => store.get(name, key);
  return useSyncExternalStore(subscribe, read, read);
}

/** How many rows of a kind have each status, counted as they change. */
export function useTally(name: Thing): Readonly<Record<string, number>> {
  const { store } = useRealtime();
  const subscribe = useCallback((listener: () => void) => store.subscribe(name, listener), [store, name]);
  const read = () => store.tally(name);
  return useSyncExternalStore(subscribe, read, read);
}
