export type CsvRow = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * Rows as a file for spreadsheets [RFC 4180], all with the columns of the first. A mark at the beginning says that it is
 * UTF-8, without which the most common of them takes it for something else.
 */
export function csvOf(rows: readonly CsvRow[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))];
  return `\uFEFF${lines.map((cells) => cells.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

function cellOf(value: CsvRow[string]): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return quoted(harmless(typeof value === 'string' ? value : value.join(' ')));
}

/**
 * What begins like a formula would be carried out by whoever opens the file, and callers choose their names. A number as one
 * dials it is none, and stays as it is.
 */
const harmless = (text: string): string =>
  /^[\s\u0000]*[=+\-@]/.test(text) && !/^\+?\d+$/.test(text) ? `'${text}` : text.replace(/^[\t\r\n]/, "'$&");

const quoted = (text: string): string => (/[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
