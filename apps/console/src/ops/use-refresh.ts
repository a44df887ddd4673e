import { useShortcut } from '../keyboard/use-shortcut.ts';
import { opsCopy } from './copy.ts';

/** `r` asks for everything on the page again. */
export function useRefresh(...refetches: readonly (() => unknown)[]): void {
  useShortcut('r', opsCopy.refresh, opsCopy.here, () => {
    for (const refetch of refetches) void refetch();
  });
}
