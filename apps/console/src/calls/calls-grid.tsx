import { useMemo, useState, type ReactElement, type ReactNode, type RefObject } from 'react';
import { Virtualizer } from 'virtua';
import grid from './calls-grid.module.css';

export type CallColumn =
  | 'state'
  | 'parties'
  | 'extension'
  | 'direction'
  | 'pbx'
  | 'started'
  | 'duration'
  | 'fresh';

interface CallsGridProps<Item> {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly label: string;
  /** What stands above each, in their order. */
  readonly columns: Readonly<Record<CallColumn, string>>;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly render: (item: Item) => ReactElement;
  /** Nothing is known yet. */
  readonly isLoading: boolean;
  /** Below the rows. */
  readonly children?: ReactNode;
}

/** Beyond what is seen, in pixels: who goes on by keys or wheel finds rows there. */
const bufferPixels = 400;
const headRem = 2;

/**
 * Rows of calls below a line of columns, live or of the past. Only those near the window are in the document, and the one that has
 * the focus.
 */
export function CallsGrid<Item>(props: CallsGridProps<Item>) {
  const { scroller, label, columns, items, keyOf, render, isLoading, children } = props;
  const names = Object.entries(columns) as [CallColumn, string][];
  const [focused, setFocused] = useState<string | null>(null);
  const kept = useMemo(() => {
    const index = focused === null ? -1 : items.findIndex((item) => keyOf(item) === focused);
    return index < 0 ? [] : [index];
  }, [focused, items, keyOf]);
  return (
    <div ref={scroller} className={grid.scroller}>
      <div role="table" aria-label={label} className={grid.grid} aria-busy={isLoading}>
        <div role="rowgroup">
          <div role="row" className={grid.head}>
            {names.map(([name, text]) => (
              <span
                key={name}
                role="columnheader"
                data-column={name}
                data-align={name === 'duration' ? 'end' : undefined}
              >
                {text}
              </span>
            ))}
          </div>
        </div>
        {isLoading && <Skeleton columns={names} />}
        {items.length > 0 && (
          <div
            role="rowgroup"
            onFocus={({ target }) => setFocused(keyOfRow(target))}
            onBlur={() => setFocused(null)}
          >
            <Virtualizer
              scrollRef={scroller}
              startMargin={headPixels()}
              bufferSize={bufferPixels}
              keepMounted={kept}
              data={items}
            >
              {(item) => <Keyed key={keyOf(item)}>{render(item)}</Keyed>}
            </Virtualizer>
          </div>
        )}
      </div>
      {children}
    </div>
  );
}

const Keyed = ({ children }: { readonly children: ReactElement }) => children;

const keyOfRow = (target: EventTarget): string | null =>
  target instanceof Element
    ? (target.closest<HTMLElement>('[data-call-row]')?.dataset['callRow'] ?? null)
    : null;

const headPixels = (): number =>
  headRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Rows that are on their way, so that the layout stands already. */
const Skeleton = ({ columns }: { readonly columns: readonly [CallColumn, string][] }) => (
  <div role="rowgroup" aria-hidden>
    {Array.from({ length: 8 }, (_, index) => (
      <div key={index} className={grid.row}>
        {columns.map(([name]) => (
          <span key={name} className={grid.skeleton} data-column={name} />
        ))}
      </div>
    ))}
  </div>
);
