import { escaped } from '../sessions/page.ts';

/** What stands in a cell; a number stands to the right, and a tone says whether somebody should look. */
export interface Cell {
  readonly text: string;
  readonly tone?: 'good' | 'bad' | 'quiet';
  /** Why it is so, for who points at it and for who listens. */
  readonly title?: string;
  readonly isNumber?: boolean;
}

export const number = (value: number, isBad = false): Cell => ({
  text: value.toLocaleString('en'),
  isNumber: true,
  ...(isBad && { tone: 'bad' as const }),
});

/** What can't be told, and why. */
export const missing = (because: string): Cell => ({ text: '—', title: because, tone: 'quiet' });

export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly Cell[])[];
  /** Said instead of a table without rows. */
  readonly nothing: string;
}

export function tableHtml({ caption, columns, rows, nothing }: Table): string {
  if (rows.length === 0) return `<p class="quiet">${escaped(nothing)}</p>`;
  const numeric = columns.map((_column, index) =>
    rows.every((row) => row[index]?.isNumber ?? row[index]?.text === '—'),
  );
  const head = columns
    .map(
      (column, index) => `<th scope="col"${numeric[index] ? ' class="number"' : ''}>${escaped(column)}</th>`,
    )
    .join('');
  const body = rows
    .map(
      (row) =>
        `<tr>${row.map((cell, index) => cellHtml(cell, index === 0, numeric[index] ?? false)).join('')}</tr>`,
    )
    .join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table>
<caption>${escaped(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>`;
}

function cellHtml({ text, tone, title }: Cell, isHead: boolean, isNumber: boolean): string {
  const classes = [...(isNumber ? ['number'] : []), ...(tone === undefined ? [] : [tone])].join(' ');
  const attributes = `${classes === '' ? '' : ` class="${classes}"`}${title === undefined ? '' : ` title="${escaped(title)}"`}`;
  const said =
    title === undefined ? escaped(text) : `${escaped(text)}<span class="unseen"> ${escaped(title)}</span>`;
  return isHead ? `<th scope="row"${attributes}>${said}</th>` : `<td${attributes}>${said}</td>`;
}

/** A part that could not be found out at all. */
export const unknownHtml = (because: string): string => `<p class="bad">— ${escaped(because)}</p>`;
