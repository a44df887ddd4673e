import {
  limitOf,
  pageOf,
  readCursor,
  uuidShape,
  type Page,
  type PageRequest,
  type Transaction,
} from '@trunkline/database';
import type { Contact, LabelledNumber } from '../contact.ts';

export interface ContactFilter {
  /** A part of a name, a company or an address, or of a number. */
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
}

type ContactRow = Omit<Contact, 'tags' | 'numbers' | 'createdAt' | 'updatedAt'> & {
  readonly tags: string;
  readonly numbers: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly sortKey: string;
};

const columns = `c.id, c.name, c.company, c.email, array_to_json(c.tags)::text as tags, c.notes, c.revision,
  c.created_at as "createdAt", c.updated_at as "updatedAt", c.sort_key as "sortKey",
  coalesce((select json_agg(json_build_array(n.number, n.label) order by n.seq)
    from contact_number n where n.contact_id = c.id), '[]')::text as numbers`;

/** Contacts by name. Under `forTenant`. */
export async function listContacts(
  transaction: Transaction,
  { search, tag }: ContactFilter,
  request: PageRequest,
): Promise<Page<Contact>> {
  const limit = limitOf(request);
  const parameters: unknown[] = [];
  const bind = (value: unknown): string => `$${parameters.push(value)}`;
  const conditions = ['true'];
  if (search !== undefined) conditions.push(searchCondition(search, bind));
  if (tag !== undefined)
    conditions.push(`exists (select from unnest(c.tags) as t(tag) where lower(t.tag) = lower(${bind(tag)}))`);
  if (request.after !== undefined) {
    const [key = '', id = ''] = readCursor(request.after, [sortKeyShape, uuidShape]);
    conditions.push(`(c.sort_key, c.id) > (${bind(key)}::text collate "C", ${bind(id)}::uuid)`);
  }
  const rows = await transaction.query<ContactRow>(
    `select ${columns} from contact c where ${conditions.join(' and ')}
     order by c.sort_key, c.id limit ${bind(limit + 1)}`,
    parameters,
  );
  return pageOf(rows, limit, contactOf, ({ sortKey, id }) => [sortKey, id]);
}

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const sortKeyShape = /^[^\u0000-\u001f]{0,120}$/u;

/** Whether somebody looks for a number: whoever may not see numbers may not find them out digit by digit. */
export const isNumberSearch = (search: string): boolean =>
  /^[+\d\s()/.-]+$/.test(search) && search.replace(/\D/g, '').length >= 3;

function searchCondition(search: string, bind: (value: unknown) => string): string {
  if (isNumberSearch(search)) {
    const digits = search.replace(/\D/g, '').replace(/^0+/, '');
    const pattern = search.trim().startsWith('+') ? `+${digits}%` : `%${digits}%`;
    return `exists (select from contact_number n where n.contact_id = c.id and n.number like ${bind(pattern)})`;
  }
  const part = bind(`%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`);
  return `(c.sort_key like ${part} or lower(c.company) like ${part} or c.email like ${part})`;
}

/** Null for one that there is not. Under `forTenant`, or with the tenant named. */
export async function readContact(
  transaction: Transaction,
  { id, tenant = null }: { readonly id: string; readonly tenant?: string | null },
): Promise<Contact | null> {
  const [row] = await transaction.query<ContactRow>(
    `select ${columns} from contact c where c.id = $1 and ($2::uuid is null or c.tenant_id = $2)`,
    [id, tenant],
  );
  return row === undefined ? null : contactOf(row);
}

function contactOf({ sortKey: _sortKey, ...row }: ContactRow): Contact {
  const numbers = JSON.parse(row.numbers) as [string, string | null][];
  return {
    ...row,
    tags: JSON.parse(row.tags) as string[],
    numbers: numbers.map(([number, label]): LabelledNumber => ({ number, label })),
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
  };
}
