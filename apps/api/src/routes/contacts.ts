import type { Principal } from '@trunkline/access';
import {
  createContact,
  deleteContact,
  isNumberSearch,
  listContacts,
  readContact,
  updateContact,
} from '@trunkline/contacts';
import * as v from 'valibot';
import { audited } from '../audited.ts';
import { paging, uuid, wholeNumber, words } from '../http/inputs.ts';
import { lacksScope } from '../http/mount-routes.ts';
import { defineRoute } from '../http/route.ts';
import { contactPageShape, contactShape, deletedContactShape, writtenCard } from '../shapes/contacts.ts';
import { notFound, readOwn } from './own.ts';

const contactParams = v.strictObject({ contact: uuid('The id of a contact.') });
const unknown = (id: string) => notFound(`There is no contact ${id}; GET /v1/contacts lists those there are`);

export const listContactsRoute = defineRoute({
  method: 'GET',
  path: '/v1/contacts',
  tag: 'Contacts',
  summary: 'Contacts by name',
  description:
    'Looking for parts of numbers needs `numbers:read`, since it would tell them digit by digit to whoever must not see them.',
  scope: 'contacts:read',
  query: v.strictObject({
    search: v.optional(words(100, 'A part of a name, a company or an e-mail address; or of a number.')),
    tag: v.optional(words(60, 'Only those that have this tag.')),
    ...paging,
  }),
  answers: { 200: { description: 'A page of contacts.', schema: contactPageShape } },
  async handle({ principal, query: { limit, after, ...filter } }, context) {
    if (filter.search !== undefined && isNumberSearch(filter.search)) wantNumbers(principal);
    return { body: await readOwn(context, principal, (tx) => listContacts(tx, filter, { limit, after })) };
  },
});

export const readContactRoute = defineRoute({
  method: 'GET',
  path: '/v1/contacts/{contact}',
  tag: 'Contacts',
  summary: 'One contact',
  scope: 'contacts:read',
  params: contactParams,
  answers: { 200: { description: 'The contact.', schema: contactShape } },
  problems: ['not-found'],
  async handle({ principal, params: { contact: id } }, context) {
    const contact = await readOwn(context, principal, (tx) => readContact(tx, { id }));
    if (contact === null) throw unknown(id);
    return { body: contact };
  },
});

export const createContactRoute = defineRoute({
  method: 'POST',
  path: '/v1/contacts',
  tag: 'Contacts',
  summary: 'Adds a contact',
  description: 'It needs a number or an e-mail address, by which it is known again.',
  scope: 'contacts:write',
  body: v.strictObject(writtenCard),
  answers: { 201: { description: 'It is added.', schema: contactShape } },
  async handle({ principal, body, traceparent }, context) {
    const action = { principal, action: 'contact.add', details: { fields: Object.keys(body) }, traceparent };
    const contact = await audited(context, action, () =>
      context.database.run((tx) => createContact(tx, principal.tenant, body)),
    );
    return { status: 201, headers: { location: `/v1/contacts/${contact.id}` }, body: contact };
  },
});

export const updateContactRoute = defineRoute({
  method: 'PATCH',
  path: '/v1/contacts/{contact}',
  tag: 'Contacts',
  summary: 'Changes a contact; what is left out stays as it is',
  description:
    '`revision` is the one that was seen; where somebody was faster the answer is 409. Changing numbers needs `numbers:read`, since masked ones would be stored.',
  scope: 'contacts:write',
  params: contactParams,
  body: v.strictObject({ revision: v.pipe(v.number(), v.integer(), v.minValue(1)), ...writtenCard }),
  answers: { 200: { description: 'It is changed.', schema: contactShape } },
  problems: ['not-found'],
  async handle({ principal, params: { contact: id }, body: { revision, ...changes }, traceparent }, context) {
    if (changes.numbers !== undefined) wantNumbers(principal);
    const { tenant } = principal;
    if ((await readOwn(context, principal, (tx) => readContact(tx, { id }))) === null) throw unknown(id);
    const details = { fields: Object.keys(changes) };
    const contact = await audited(
      context,
      { principal, action: 'contact.change', target: id, details, traceparent },
      () => context.database.run((tx) => updateContact(tx, { id, tenant, revision }, changes)),
    );
    return { body: contact };
  },
});

export const deleteContactRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/contacts/{contact}',
  tag: 'Contacts',
  summary: 'Deletes a contact; calls stay as they are',
  scope: 'contacts:write',
  params: contactParams,
  query: v.strictObject({
    revision: v.optional(
      wholeNumber(1, 999_999_999, 'The one that was seen; where somebody was faster the answer is 409.'),
    ),
  }),
  answers: { 200: { description: 'It is deleted.', schema: deletedContactShape } },
  problems: ['not-found'],
  async handle({ principal, params: { contact: id }, query, traceparent }, context) {
    const { tenant } = principal;
    const known = await readOwn(context, principal, (tx) => readContact(tx, { id }));
    if (known === null) throw unknown(id);
    const { revision = known.revision } = query;
    await audited(context, { principal, action: 'contact.delete', target: id, traceparent }, () =>
      context.database.run((tx) => deleteContact(tx, { id, tenant, revision })),
    );
    return { body: { id, deleted: true } };
  },
});

export function wantNumbers({ scopes }: Principal): void {
  if (!scopes.has('numbers:read')) throw lacksScope('numbers:read');
}
