import { useRef, useState, type ReactNode } from 'react';
import { useRowKeys } from '../keyboard/use-row-keys.ts';
import { Button } from '../ui/button.tsx';
import { opsCopy } from './copy.ts';
import styles from './table.module.css';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'end';
  /** Long text, which may take several lines. */
  readonly wraps?: boolean;
  /** Left out on phones. */
  readonly isExtra?: boolean;
  /** On phones its title is not said: what it is shows by itself. */
  readonly isPlain?: boolean;
  /** What can be done stays in view, however narrow the window. */
  readonly isPinned?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  /** Its name for those who don't see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly toneOf?: (row: Row) => 'warn' | 'danger' | undefined;
  /** `j` and `k` go through its rows; one table of a page. */
  readonly hasKeys?: boolean;
  /** Its rows begin with a box to tick. */
  readonly canSelect?: boolean;
}

/** So many rows are drawn, and as many again whenever somebody wants them: thousands at once would hold up the page for seconds. */
const rowsAtOnce = 300;

/**
 * Rows and columns; cards of two lines or so on phones. What opens a row carries `data-open`, and the whole row is its
 * target. The roles are said because other layouts take them from the elements. What scrolls can be reached by Tab and is
 * no landmark: the section around it is.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, keyOf, toneOf, hasKeys = false, canSelect = false } = props;
  const element = useRef<HTMLTableElement>(null);
  useRowKeys(element, { isWanted: hasKeys, canSelect });
  const [shown, setShown] = useState(rowsAtOnce);
  const hidden = rows.length - shown;
  return (
    <div className={styles.scroll} role="group" aria-label={label} tabIndex={0}>
      <table className={styles.table} role="table" aria-label={label} ref={element}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ title, align, isPinned }) => (
              <th
                key={title}
                role="columnheader"
                scope="col"
                data-align={align}
                data-pinned={isPinned || undefined}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.slice(0, shown).map((row) => (
            <tr key={keyOf(row)} role="row" data-tone={toneOf?.(row)}>
              {columns.map(({ title, align, wraps, isExtra, isPlain, isPinned, cell }) => (
                <td
                  key={title}
                  role="cell"
                  data-align={align}
                  data-wrap={wraps || undefined}
                  data-extra={isExtra || undefined}
                  data-pinned={isPinned || undefined}
                  data-title={isPlain ? undefined : title}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <div className={styles.rest}>
          <Button look="quiet" onClick={() => setShown(shown + rowsAtOnce)}>
            {opsCopy.moreRows(Math.min(hidden, rowsAtOnce), hidden)}
          </Button>
        </div>
      )}
    </div>
  );
}
