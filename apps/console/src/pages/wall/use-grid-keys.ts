import { useEffect, type FocusEvent, type KeyboardEvent } from 'react';

const tiles = 'button[data-key]';

/** Which tile an arrow leads to: along the row, or as many tiles up or down as a row has. */
export function stepOf(key: string, columns: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return 1;
    case 'ArrowLeft':
      return -1;
    case 'ArrowDown':
      return columns;
    case 'ArrowUp':
      return -columns;
    default:
      return null;
  }
}

/** One stop for Tab, and arrows within: the tile that had the focus last is the one that Tab leads to. */
export function useGridKeys(columns: number, grid: React.RefObject<HTMLElement | null>, changed: unknown) {
  useEffect(() => {
    const element = grid.current;
    if (element !== null && element.querySelector(`${tiles}[tabindex="0"]`) === null) {
      element.querySelector<HTMLElement>(tiles)?.setAttribute('tabindex', '0');
    }
  }, [grid, changed]);
  return {
    onFocus({ target, currentTarget }: FocusEvent<HTMLElement>): void {
      if (!target.matches(tiles)) return;
      for (const other of currentTarget.querySelectorAll(`${tiles}[tabindex="0"]`)) {
        if (other !== target) other.setAttribute('tabindex', '-1');
      }
      target.setAttribute('tabindex', '0');
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>): void {
      const { key, target, currentTarget } = event;
      if (!(target instanceof HTMLElement) || !target.matches(tiles)) return;
      const all = [...currentTarget.querySelectorAll<HTMLElement>(tiles)];
      const next = nextOf(key, columns, all, target);
      if (next === undefined) return;
      event.preventDefault();
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
    },
  };
}

function nextOf(
  key: string,
  columns: number,
  all: HTMLElement[],
  from: HTMLElement,
): HTMLElement | undefined {
  if (key === 'Home') return all[0];
  if (key === 'End') return all.at(-1);
  const step = stepOf(key, columns);
  if (step === null) return undefined;
  const index = all.indexOf(from) + step;
  return all[Math.min(Math.max(index, 0), all.length - 1)];
}
