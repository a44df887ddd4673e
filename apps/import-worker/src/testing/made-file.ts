import type { Database } from '@trunkline/database';

/** A file whose outcome is known: every fifth row is about somebody whom an earlier one was about, and every seventh is refused. */
const isRefused = (row: number): boolean => row % 7 === 6;
const personOf = (row: number): number => (row % 5 === 4 ? row - 3 : row);

export function* madeFile(rows: number): Generator<string> {
  yield 'name,phone,email,company\n';
  for (let row = 0; row < rows; row += 1) {
    const person = personOf(row);
    const number = isRefused(row) ? 'none' : `+4930${1_000_000 + person}`;
    yield `Person ${person},${number},,Company ${row % 3}\n`;
  }
}

interface Stored {
  readonly numbers: number;
  readonly distinct: number;
  readonly contacts: number;
  readonly wrong: number;
  readonly rejections: number;
  readonly wrongRejections: number;
  readonly touches: number;
}

/** What is wrong in the database after the file was imported once; empty where everything is exactly right. */
export async function differencesAfter(
  database: Pick<Database, 'run'>,
  id: string,
  rows: number,
): Promise<string[]> {
  const all = Array.from({ length: rows }, (_, row) => row);
  const people = new Set(all.filter((row) => !isRefused(row)).map(personOf)).size;
  const refused = all.filter(isRefused).length;
  const [found] = await database.run((transaction) =>
    transaction.query<Stored>(
      `select count(n.number)::integer as numbers, count(distinct n.number)::integer as distinct,
         (select count(*)::integer from contact) as contacts,
         count(*) filter (where c.name is distinct from 'Person ' || (substr(n.number, 6)::bigint - 1000000))::integer as wrong,
         (select count(*)::integer from contact_import_rejection where import_id = $1) as rejections,
         (select count(*)::integer from contact_import_rejection where import_id = $1 and (row - 1) % 7 <> 6) as "wrongRejections",
         (select count(*)::integer from contact_import_touch) as touches
       from contact c left join contact_number n on n.contact_id = c.id`,
      [id],
    ),
  );
  const expected: Stored = {
    numbers: people,
    distinct: people,
    contacts: people,
    wrong: 0,
    rejections: refused,
    wrongRejections: 0,
    touches: 0,
  };
  return Object.entries(expected)
    .filter(([name, value]) => found?.[name as keyof Stored] !== value)
    .map(([name, value]) => `${name}: ${found?.[name as keyof Stored]} instead of ${value}`);
}
