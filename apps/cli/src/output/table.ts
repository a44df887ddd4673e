import { plain } from './plain.ts';

/** Columns that line up, headed by their names, without lines around them: easy to read and easy to cut. */
export function table<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string>>[],
): string {
  const shown = rows.map((row) => columns.map((column) => plain(row[column])));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...shown.map((cells) => cells[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), ...shown.map(line)].join('\n');
}

/** Facts about one thing, a line each. */
export function facts(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${plain(value)}`.trimEnd()).join('\n');
}
