import { useSyncExternalStore } from 'react';

/** Panels that open from anywhere: by a key, from the account, from a page. One at a time. */
export type PanelName = 'settings' | 'help' | 'palette';

const listeners = new Set<() => void>();
let open: PanelName | null = null;

function become(next: PanelName | null): void {
  open = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const openSettings = (): void => become('settings');
export const openHelp = (): void => become('help');
export const openPalette = (): void => become('palette');
export const closePanel = (): void => become(null);
export const useOpenPanel = (): PanelName | null => useSyncExternalStore(subscribe, () => open);
