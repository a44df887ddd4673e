import { listContacts, type Contact, type ContactFilter } from '@trunkline/contacts';
import type { Bench } from '../bench.ts';
import type { PageOptions } from '../options/common.ts';
import { showPage } from '../output/show-page.ts';
import { tenantNamed } from './tenant-named.ts';

export interface ContactsListOptions extends PageOptions, ContactFilter {
  readonly tenant?: string;
}

export async function runContactsList(bench: Bench, options: ContactsListOptions): Promise<void> {
  const { search, tag, limit, after } = options;
  const { tenant, database } = await tenantNamed(bench, options.tenant);
  const page = await database.forTenant(tenant, (_em, tx) =>
    listContacts(tx, { search, tag }, { limit, after }),
  );
  showPage(bench.terminal, page, options, {
    columns: ['name', 'company', 'e-mail', 'numbers', 'contact'],
    rowOf: (contact) => ({
      name: contact.name ?? '-',
      company: contact.company ?? '-',
      'e-mail': contact.email ?? '-',
      numbers: numbersOf(contact),
      contact: contact.id,
    }),
    nothing: 'There are no contacts like that. Import some: trunkline contacts import <file>',
  });
}

const numbersShown = 2;

const numbersOf = ({ numbers }: Contact): string => {
  const shown = numbers.slice(0, numbersShown).map(({ number }) => number);
  const more = numbers.length - shown.length;
  return shown.length === 0 ? '-' : `${shown.join(' ')}${more > 0 ? ` +${more} more` : ''}`;
};
