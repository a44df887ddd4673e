/** A table, padded as the formatter of the house pads it, so that a generated page is a formatted one. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(inCell));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => widthOf(row[column] ?? ''))));
  const lines = cells.map((row) => lineOf(row.map((cell, column) => padded(cell, widths[column] ?? 0))));
  const rule = lineOf(widths.map((width) => '-'.repeat(width)));
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const padded = (text: string, width: number): string => text + ' '.repeat(width - widthOf(text));
/** Nothing of what is written here stands on more than one place. */
const widthOf = (text: string): number => Array.from(text).length;

export const code = (text: string): string => `\`${text}\``;

/** What would be markup in prose stays what it is. Names of variables are set as code. */
export function prose(text: string): string {
  const parts = text.split(/(`[^`]*`)/);
  return parts.map((part, at) => (at % 2 === 1 ? part : inProse(part))).join('');
}

const names =
  /\b(?:TRUNKLINE_[A-Z0-9_<>]+|DATABASE_URL|REDIS_URL)\b|\b[a-z][a-z+]*:\/\/[^\s,;)]*|<[\w ]+>\/?[\w-]*|\*\/\d+(?: \*)+|\*/g;

const inProse = (text: string): string => text.replaceAll(names, (name) => code(name));

/** Told at the head of each page that a program writes. */
export const generatedNote = (from: string): string =>
  `<!-- Written by \`npm run docs\` from ${from}. Change it there. -->`;
