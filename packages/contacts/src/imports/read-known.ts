import type { Transaction } from '@trunkline/database';
import type { KnownContact } from '../book/merge-rows.ts';
import type { ContactCard } from '../contact.ts';
import type { ImportName } from './merge-chunk.ts';

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly tags: string;
  readonly notes: string | null;
  readonly touched: boolean;
  readonly numbers: string;
}

/**
 * The contacts that any of the rows may be about. Of a number that many share two matter: the first that got it, and the first of them
 * that has no address; of an address the first contact that has it.
 */
export async function readKnown(
  transaction: Transaction,
  { tenant, id }: ImportName,
  cards: readonly ContactCard[],
): Promise<KnownContact[]> {
  const emails = [...new Set(cards.flatMap(({ email }) => email ?? []))];
  const numbers = [...new Set(cards.flatMap((card) => card.numbers.map(({ number }) => number)))];
  const rows = await transaction.query<Row>(
    `with found as (
       select e.id from unnest($2::text[]) as wanted(email) cross join lateral (
         select c.id from contact c where c.tenant_id = $1 and c.email collate "C" = wanted.email order by c.seq limit 1
       ) e
       union select n.contact_id from unnest($3::text[]) as wanted(number) cross join lateral (
         select n.contact_id from contact_number n
         where n.tenant_id = $1 and n.number = wanted.number order by n.seq limit 1
       ) n
       union select n.contact_id from unnest($3::text[]) as wanted(number) cross join lateral (
         select n.contact_id from contact_number n join contact c on c.id = n.contact_id
         where n.tenant_id = $1 and n.number = wanted.number and c.email is null order by n.seq limit 1
       ) n
     )
     select c.id, c.name, c.company, c.email, array_to_json(c.tags)::text as tags, c.notes,
       (c.import_id is not distinct from $4::uuid or t.contact_id is not null) as touched,
       coalesce((select json_agg(json_build_array(n.number, n.label, n.seq) order by n.seq)
         from contact_number n where n.contact_id = c.id), '[]')::text as numbers
     from found f join contact c on c.id = f.id
       left join contact_import_touch t on t.import_id = $4 and t.contact_id = c.id
     order by c.seq for no key update of c`,
    [tenant, emails, numbers, id],
  );
  return rows.map(knownOf);
}

function knownOf({ id, touched, tags, numbers, ...row }: Row): KnownContact {
  const listed = JSON.parse(numbers) as [string, string | null, number][];
  return {
    id,
    touched,
    card: {
      ...row,
      tags: JSON.parse(tags) as string[],
      numbers: listed.map(([number, label]) => ({ number, label })),
    },
    numberSeqs: listed.map(([, , seq]) => seq),
  };
}
