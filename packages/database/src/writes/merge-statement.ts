import { readColumn, unnested, type Column } from '../columns.ts';
import { selectChanges } from './changes.ts';

/** [CALL5] [EXT3] The word under the higher key wins. A row comparison is exactly the order of keys: as of, said, rank. */
export const wordWins = `(excluded.word_as_of, excluded.word_said, excluded.word_rank)
      > (known.word_as_of, known.word_said, known.word_rank)`;

/** [FACT1] The lowest version that tells a fact counts. */
export const toldFirst = (version: string): string =>
  `(excluded.${version} is not null and (known.${version} is null or excluded.${version} < known.${version}))`;

/** [FACT2] The highest version that tells a fact counts. */
export const toldLast = (version: string): string =>
  `(excluded.${version} is not null and (known.${version} is null or excluded.${version} > known.${version}))`;

/** Assigns columns from what was said when a condition holds, and leaves them as known when it doesn't. */
export const take = (when: string, names: readonly string[]): string[] =>
  names.map((name) => `${name} = case when ${when} then excluded.${name} else known.${name} end`);

export interface Merge<Row> {
  readonly table: string;
  readonly key: string;
  readonly columns: readonly Column<Row>[];
  /** How each column that may change follows from what is known and what was said. */
  readonly assignments: readonly string[];
  /** The conditions of which one must hold for the row to learn anything. */
  readonly learns: readonly string[];
  /** What screens are told of a changed row. */
  readonly shown: string;
}

/**
 * One statement that merges a whole batch into a table and returns what changed.
 *
 * Rows come sorted by key and are locked in that order, so that two batches can't wait for each other in a circle. A
 * row that learns nothing is left untouched: a repeated delivery writes nothing and tells nobody. What is shown goes
 * with the word: if the new word wins, what it is shown as was computed with its floors beforehand; if it loses, what
 * the row shows still holds.
 */
export const mergeStatement = <Row>({
  table,
  key,
  columns,
  assignments,
  learns,
  shown,
}: Merge<Row>): string => `
  with changed as (
    insert into ${table} as known (${columns.map(({ name }) => name).join(', ')})
    select ${columns.map(readColumn).join(', ')} from ${unnested(columns)}
    on conflict (${key}) do update set
      ${[...assignments, 'revision = known.revision + 1'].join(',\n      ')}
    where ${learns.map((condition) => `(${condition})`).join(' or ')}
    returning known.*
  )
  ${selectChanges(shown)}`;
