import type { RefObject } from 'react';
import { useShortcut } from '../keyboard/use-shortcut.ts';

const opener = '[data-row-open]';

interface Labels {
  readonly section: string;
  readonly keys: { readonly next: string; readonly previous: string };
}

/** `j` and `k` go from row to row; Enter opens, as on any button or link. */
export function useRowKeys(scroller: RefObject<HTMLElement | null>, { section, keys }: Labels): void {
  const go = (by: 1 | -1) => {
    const all = [...(scroller.current?.querySelectorAll<HTMLElement>(opener) ?? [])];
    const here = all.findIndex((element) => element === document.activeElement);
    const next = here < 0 ? (by === 1 ? 0 : all.length - 1) : here + by;
    const target = all[Math.min(Math.max(next, 0), all.length - 1)];
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
  };
  useShortcut('j', keys.next, section, () => go(1));
  useShortcut('k', keys.previous, section, () => go(-1));
}
