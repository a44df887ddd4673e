import type { Transaction } from '@trunkline/database';
import { isCountry, readNumber } from '../book/read-number.ts';

/** Whom a number belongs to, as a call shows it. */
export interface Caller {
  readonly contact: string;
  readonly name: string | null;
  readonly company: string | null;
  readonly label: string | null;
}

/**
 * Who is behind numbers as PBXs write them, by each number as it was given. Calls keep no contact: they are matched when they are read, so that a
 * contact that is added or corrected today has its calls of last year at once, and neither an import nor a deletion rewrites history. It costs one look into an
 * index for each number on a page. Of several contacts that share a number the first that got it is named. Under `forTenant`.
 */
export async function findByNumber(
  transaction: Transaction,
  written: readonly string[],
): Promise<ReadonlyMap<string, Caller>> {
  const [tenant] = await transaction.query<{ country: string | null }>(
    'select default_country as country from tenant',
  );
  const country = tenant?.country ?? null;
  const numberOf = new Map<string, string>();
  for (const text of written) {
    const number = readNumber(text, country !== null && isCountry(country) ? country : null);
    if (number !== null) numberOf.set(text, number);
  }
  const rows = await transaction.query<Caller & { readonly number: string }>(
    `select w.number, c.id as contact, c.name, c.company, n.label
     from unnest($1::text[]) as w(number) cross join lateral (
       select contact_id, label from contact_number where number = w.number order by seq limit 1
     ) n join contact c on c.id = n.contact_id`,
    [[...new Set(numberOf.values())]],
  );
  const callers = new Map(rows.map(({ number, ...caller }) => [number, caller]));
  const found = [...numberOf].map(([text, number]) => [text, callers.get(number)] as const);
  return new Map(found.filter((entry): entry is readonly [string, Caller] => entry[1] !== undefined));
}
