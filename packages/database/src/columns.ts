/**
 * Sets travel to PostgreSQL as one parameter a column, unnested there: two dozen parameters however many rows, far
 * below the limit of 65,535, and one plan for all sizes.
 *
 * Numbers go as array literals. Text goes as one string, cut at a control character that no text of ours holds (keys
 * with one are refused at the door, words for people are cleaned of them, and JSON has none): nothing needs to be
 * escaped, which for a batch of JSON payloads takes longer in JavaScript than everything else together.
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

/** A column of the rows to send: its name, its type and how its parameter is made of the rows. */
export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly parameter: (rows: readonly Row[]) => string;
}

export function column<Row, Type extends ColumnType>(
  name: string,
  type: Type,
  cell: (row: Row) => Cell<Type>,
): Column<Row> {
  const writer = writers[type] as Writer<Cell<Type>>;
  return { name, type, parameter: (rows) => writer(rows.length, (index) => cell(rows[index] as Row)) };
}

const unitSeparator = '\u001f';
const nullMark = '\u001e';
const listSeparator = '\u001d';

/**
 * `(...) as said`: the rows again, in their order. Each text ends with a separator, since PostgreSQL takes an empty
 * string for no element at all; the row too many that this makes is cut off by the count, the last parameter.
 */
export function unnested<Row>(columns: readonly Column<Row>[]): string {
  const arrays = columns.map(({ type }, index) => arrayOf(type, `$${index + 1}`));
  const names = columns.map(({ name }) => name).join(', ');
  return `(select * from unnest(${arrays.join(', ')}) as sent(${names}) limit $${columns.length + 1}::integer) as said`;
}

/** The parameters that `unnested` reads. */
export const parametersOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[] => [
  ...columns.map((each) => each.parameter(rows)),
  rows.length,
];

/** How a column is read in the statement, where its type differs from that of the array that carried it. */
export function readColumn({ name, type }: Pick<Column<never>, 'name' | 'type'>): string {
  if (type === 'instant') return `to_timestamp(said.${name} / 1000)`;
  return type === 'text[]' ? `string_to_array(said.${name}, E'\\x1d')` : `said.${name}`;
}

function arrayOf(type: ColumnType, parameter: string): string {
  if (type === 'text' || type === 'text[]') return `string_to_array(${parameter}, E'\\x1f', E'\\x1e')`;
  // Milliseconds as float8, exact in PostgreSQL's microseconds.
  return `${parameter}::${type === 'instant' ? 'float8' : type}[]`;
}

type Writer<Value> = (count: number, cell: (index: number) => Value) => string;

const arrayLiteral: Writer<string | number | bigint | undefined> = (count, cell) => {
  const cells: (string | number | bigint)[] = [];
  for (let index = 0; index < count; index += 1) cells.push(cell(index) ?? 'NULL');
  return `{${cells.join(',')}}`;
};

const separated: Writer<string | undefined> = (count, cell) => {
  const cells: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const text = cell(index);
    cells.push(text === undefined ? nullMark : free(text, unitSeparator, nullMark));
  }
  cells.push('');
  return cells.join(unitSeparator);
};

const listOf = (words: readonly string[]): string =>
  words.map((word) => free(word, listSeparator)).join(listSeparator);

/** A text that held a separator would shift all rows behind it: better nothing is written at all. */
function free(text: string, ...separators: string[]): string {
  for (const separator of separators) {
    if (text.includes(separator))
      throw new TypeError('a text to store holds a control character (U+001D to U+001F)');
  }
  return text;
}

const writers: { readonly [Type in ColumnType]: Writer<Cell<Type>> } = {
  uuid: arrayLiteral,
  bigint: arrayLiteral,
  smallint: arrayLiteral,
  integer: arrayLiteral,
  instant: arrayLiteral,
  boolean: (count, cell) => arrayLiteral(count, (index) => (cell(index) ? 't' : 'f')),
  text: separated,
  'text[]': (count, cell) => separated(count, (index) => listOf(cell(index))),
};
