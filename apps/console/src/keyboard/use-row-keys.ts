import { type RefObject } from 'react';
import { keyboardCopy as copy } from './copy.ts';
import { useShortcut } from './use-shortcut.ts';

const rows = 'tr, [role="row"]';
/** What opens a row. */
const opener = '[data-open]';
const box = 'input[type="checkbox"]';
const actions = `:is(button, a):not(${opener})`;

interface RowKeys {
  /** Whether there are rows to walk; one list of a page has them. */
  readonly isWanted?: boolean;
  /** Rows have boxes to tick. */
  readonly canSelect?: boolean;
}

/**
 * `j` and `k` go from row to row, Enter opens one as any button or link does, `.` leads to what can be done with it, `x` selects it.
 * None of them does anything to what the row is about.
 */
export function useRowKeys(
  list: RefObject<HTMLElement | null>,
  { isWanted = true, canSelect = false }: RowKeys = {},
): void {
  const here = (): HTMLElement | null => {
    const row = document.activeElement?.closest<HTMLElement>(rows) ?? null;
    return row !== null && list.current?.contains(row) === true ? row : null;
  };
  const go = (by: 1 | -1) => {
    const openers = [...(list.current?.querySelectorAll<HTMLElement>(opener) ?? [])];
    const from = openers.findIndex((one) => one.closest(rows) === here());
    const next = from < 0 ? (by === 1 ? 0 : openers.length - 1) : from + by;
    const target = openers[Math.min(Math.max(next, 0), openers.length - 1)];
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
  };
  // A row without buttons of its own has what can be done behind it.
  const toActions = () => {
    const row = here();
    const first = row?.querySelector<HTMLElement>(actions);
    if (first === null || first === undefined) row?.querySelector<HTMLElement>(opener)?.click();
    else first.focus();
  };
  const select = (shiftKey: boolean) =>
    here()
      ?.querySelector(box)
      ?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey }));
  const when = (isSo: boolean, run: () => void) => (isSo ? run : null);
  useShortcut(
    'j',
    copy.nextRow,
    copy.here,
    when(isWanted, () => go(1)),
  );
  useShortcut(
    'k',
    copy.previousRow,
    copy.here,
    when(isWanted, () => go(-1)),
  );
  useShortcut('.', copy.rowActions, copy.here, when(isWanted, toActions));
  useShortcut(
    'x',
    copy.select,
    copy.here,
    when(isWanted && canSelect, () => select(false)),
  );
  useShortcut(
    'X',
    copy.selectRange,
    copy.here,
    when(isWanted && canSelect, () => select(true)),
  );
}
