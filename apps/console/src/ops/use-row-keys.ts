import type { RefObject } from 'react';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { opsCopy } from './copy.ts';

/** `j` and `k` move the focus from row to row, by what opens them. */
export function useRowKeys(table: RefObject<HTMLElement | null>, isWanted: boolean): void {
  const move = (by: 1 | -1) => () => {
    const rows = [...(table.current?.querySelectorAll<HTMLElement>('[data-open]') ?? [])];
    const here = rows.findIndex((row) => row.closest('tr')?.contains(document.activeElement));
    const next = here === -1 ? (by === 1 ? 0 : rows.length - 1) : here + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
  };
  useShortcut('j', opsCopy.nextRow, opsCopy.here, isWanted ? move(1) : null);
  useShortcut('k', opsCopy.previousRow, opsCopy.here, isWanted ? move(-1) : null);
}
