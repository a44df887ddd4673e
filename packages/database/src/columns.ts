/**
 * Sets travel to PostgreSQL as one array literal a column, unnested there: two dozen parameters however many rows,
 * far below the limit of 65,535, and one plan for all sizes. Writing the literals here takes a fraction of the time
 * that the driver's general conversion takes.
 */
export type ColumnType =
  | 'uuid'
  | 'text'
  | 'bigint'
  | 'smallint'
  | 'integer'
  | 'boolean'
  | 'instant'
  | 'text[]';

type Cell<Type extends ColumnType> = Type extends 'text[]'
  ? readonly string[]
  : Type extends 'boolean'
    ? boolean
    : Type extends 'uuid' | 'text'
      ? string | undefined
      : bigint | number | undefined;

/** A column of the rows to send: its name, its type and how a row fills it. */
export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly literal: (rows: readonly Row[]) => string;
}

export function column<Row, Type extends ColumnType>(
  name: string,
  type: Type,
  cell: (row: Row) => Cell<Type>,
): Column<Row> {
  const write = writers[type] as (value: Cell<Type>) => string;
  return { name, type, literal: (rows) => arrayLiteral(rows, cell, write) };
}

/** `unnest(...) as said(...)` over the columns, parameters numbered from `first`. */
export function unnested<Row>(columns: readonly Column<Row>[], first = 1): string {
  const arrays = columns.map(({ type }, index) => `$${first + index}::${arrayType(type)}`);
  return `unnest(${arrays.join(', ')}) as said(${columns.map(({ name }) => name).join(', ')})`;
}

/** How a column is read in the statement, where its type differs from that of the array that carried it. */
export function readColumn({ name, type }: Pick<Column<never>, 'name' | 'type'>): string {
  if (type === 'instant') return `to_timestamp(said.${name} / 1000)`;
  return type === 'text[]' ? `said.${name}::text[]` : `said.${name}`;
}

export const literals = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] =>
  columns.map((each) => each.literal(rows));

/** Instants go as float8 milliseconds, exact in PostgreSQL's microseconds; arrays of arrays need not be rectangular as text. */
function arrayType(type: ColumnType): string {
  if (type === 'instant') return 'float8[]';
  return type === 'text[]' ? 'text[]' : `${type}[]`;
}

function arrayLiteral<Row, Value>(
  rows: readonly Row[],
  cell: (row: Row) => Value,
  write: (value: Value) => string,
): string {
  let literal = '{';
  for (let index = 0; index < rows.length; index += 1) {
    if (index > 0) literal += ',';
    literal += write(cell(rows[index] as Row));
  }
  return `${literal}}`;
}

const plain = (value: string | number | bigint | undefined): string =>
  value === undefined ? 'NULL' : String(value);
const quoted = (value: string | undefined): string => (value === undefined ? 'NULL' : quote(value));

const writers = {
  uuid: plain,
  text: quoted,
  bigint: plain,
  smallint: plain,
  integer: plain,
  boolean: (value: boolean) => (value ? 't' : 'f'),
  instant: plain,
  'text[]': (values: readonly string[]) => quote(`{${values.map(quote).join(',')}}`),
} satisfies Record<ColumnType, unknown>;

const special = /["\\]/;
const specials = /["\\]/g;

function quote(text: string): string {
  return special.test(text) ? `"${text.replace(specials, String.raw`\$&`)}"` : `"${text}"`;
}
