import type { Page } from '@trunkline/database';
import type { PageOptions } from '../options/common.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

interface Shown<Item, Column extends string> {
  readonly columns: readonly Column[];
  readonly rowOf: (item: Item) => Readonly<Record<Column, string>>;
  /** What to say where there is nothing. */
  readonly nothing: string;
}

export function showPage<Item, Column extends string>(
  terminal: Terminal,
  { items, next }: Page<Item>,
  { json = false, limit }: PageOptions,
  { columns, rowOf, nothing }: Shown<Item, Column>,
): void {
  if (json) return showJson(terminal, { items, next });
  terminal.out(items.length === 0 ? nothing : table(columns, items.map(rowOf)));
  if (next !== null) terminal.note(`There is more: the same with --limit ${limit} --after ${next}`);
}

export const showJson = (terminal: Terminal, value: unknown): void =>
  terminal.out(JSON.stringify(value, null, 2));
