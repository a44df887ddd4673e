import { readFileSync, writeFileSync } from 'node:fs';
import { scalingTables } from './scaling-tables.ts';
import type { Measured } from './measured.ts';

/** The page whose tables are computed; its prose is written by hand. */
const page = new URL('../../../docs/scaling.md', import.meta.url);

export const readScalingPage = (): string => readFileSync(page, 'utf8');

export const writeScalingPage = (measured: Measured): void =>
  writeFileSync(page, withTables(readScalingPage(), scalingTables(measured)));

/** Puts each table where the page has its name, between two comments. A table that has no place, or a place without one, is an error. */
export function withTables(text: string, tables: ReadonlyMap<string, string>): string {
  const placed = new Set<string>();
  const filled = text.replaceAll(
    /(<!-- computed: ([\w-]+) -->\n).*?(<!-- end of \2 -->)/gs,
    (_all, begin: string, name: string, end: string) => {
      const table = tables.get(name);
      if (table === undefined) throw new RangeError(`nothing computes the table ${name}`);
      placed.add(name);
      return `${begin}\n${table}\n\n${end}`;
    },
  );
  const missing = [...tables.keys()].filter((name) => !placed.has(name));
  if (missing.length > 0)
    throw new RangeError(`docs/scaling.md has no place for the table ${missing.join(', ')}`);
  return filled;
}
