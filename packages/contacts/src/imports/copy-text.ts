/** A value in the text format of COPY. Each of its special letters is escaped, so that no text can end a field or a row. */
export type CopyValue = string | number | boolean | null | readonly string[];

export const copyLine = (values: readonly CopyValue[]): string => `${values.map(copyValue).join('\t')}\n`;

function copyValue(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'object') return escaped(arrayLiteral(value));
  return escaped(typeof value === 'boolean' ? (value ? 't' : 'f') : String(value));
}

const arrayLiteral = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const escaped = (text: string): string => text.replace(/[\\\t\n\r]/g, (letter) => escapes[letter] ?? letter);
