import { randomUUID } from 'node:crypto';
import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { readCard, type WrittenCard } from '../book/read-card.ts';
import { sortKeyOf, type Contact, type ContactCard } from '../contact.ts';
import { ContactError } from '../contact-error.ts';
import { countryOf } from '../imports/receive-file.ts';
import { readContact } from './read-contacts.ts';

export interface ContactAddress {
  readonly id: string;
  readonly tenant: TenantId;
}

/** What somebody has seen before they changed it. */
export type SeenContact = ContactAddress & { readonly revision: number };

export async function createContact(
  transaction: Transaction,
  tenant: TenantId,
  written: WrittenCard,
): Promise<Contact> {
  const card = await normal(transaction, tenant, written);
  const id = randomUUID();
  await transaction.query(
    `insert into contact (id, tenant_id, name, company, email, tags, notes, sort_key)
     values ($1, $2, $3, $4, $5, array(select jsonb_array_elements_text($6::jsonb)), $7, $8)`,
    [id, tenant, ...columnsOf(card)],
  );
  await storeNumbers(transaction, { id, tenant }, card);
  return found(transaction, { id, tenant });
}

/** What is left out stays as it is. Of two who change what both have seen, the second is refused. */
export async function updateContact(
  transaction: Transaction,
  seen: SeenContact,
  changes: WrittenCard,
): Promise<Contact> {
  const known = await lockSeen(transaction, seen);
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const card = await normal(transaction, seen.tenant, { ...known, ...Object.fromEntries(given) });
  await transaction.query(
    `update contact set name = $3, company = $4, email = $5, tags = array(select jsonb_array_elements_text($6::jsonb)),
       notes = $7, sort_key = $8, updated_at = clock_timestamp(), revision = revision + 1
     where id = $1 and tenant_id = $2`,
    [seen.id, seen.tenant, ...columnsOf(card)],
  );
  await storeNumbers(transaction, seen, card);
  return found(transaction, seen);
}

/** Calls keep no contact, so that nothing else has to change. */
export async function deleteContact(transaction: Transaction, seen: SeenContact): Promise<void> {
  await lockSeen(transaction, seen);
  await transaction.query('delete from contact where id = $1 and tenant_id = $2', [seen.id, seen.tenant]);
}

const unknown = (id: string): ContactError => new ContactError('unknown', `There is no contact ${id}`);

async function found(transaction: Transaction, address: ContactAddress): Promise<Contact> {
  const contact = await readContact(transaction, address);
  if (contact === null) throw unknown(address.id);
  return contact;
}

async function lockSeen(transaction: Transaction, { id, tenant, revision }: SeenContact): Promise<Contact> {
  await transaction.query('select from contact where id = $1 and tenant_id = $2 for update', [id, tenant]);
  const known = await found(transaction, { id, tenant });
  if (known.revision !== revision)
    throw new ContactError(
      'conflict',
      `The contact was changed meanwhile (revision ${known.revision}, not ${revision}); look at it again, then repeat the change`,
    );
  return known;
}

async function normal(
  transaction: Transaction,
  tenant: TenantId,
  written: WrittenCard,
): Promise<ContactCard> {
  const read = readCard(written, await countryOf(transaction, tenant));
  if ('card' in read) return read.card;
  throw new ContactError('invalid', `The contact can’t be stored: ${read.problems.join('; ')}`);
}

const columnsOf = (card: ContactCard): unknown[] => [
  card.name,
  card.company,
  card.email,
  JSON.stringify(card.tags),
  card.notes,
  sortKeyOf(card),
];

/** Numbers that stay keep their place: of contacts that share one, the first that got it is named. */
async function storeNumbers(
  transaction: Transaction,
  { id, tenant }: ContactAddress,
  { numbers }: ContactCard,
): Promise<void> {
  await transaction.query('delete from contact_number where contact_id = $1 and number <> all($2::text[])', [
    id,
    numbers.map(({ number }) => number),
  ]);
  for (const { number, label } of numbers)
    await transaction.query(
      `insert into contact_number as known (tenant_id, number, contact_id, label) values ($1, $2, $3, $4)
       on conflict (tenant_id, number, contact_id) do update set label = excluded.label
       where known.label is distinct from excluded.label`,
      [tenant, number, id, label],
    );
}
