import { listCalls, listExtensions, readExtension } from '@trunkline/database';
import { extensionStatuses } from '@trunkline/domain';
import * as v from 'valibot';
import { paging, pbxParam, several, wholeNumber, words } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { extensionDetailShape, extensionPageShape } from '../shapes/extensions.ts';
import { nameCallers } from './name-callers.ts';
import { notFound, readOwn } from './own.ts';

export const listExtensionsRoute = defineRoute({
  method: 'GET',
  path: '/v1/extensions',
  tag: 'Phones',
  summary: 'Phones by PBX and number, with the open calls they take part in',
  scope: 'calls:read',
  query: v.strictObject({
    pbx: v.optional(pbxParam),
    status: v.optional(several(extensionStatuses, 'Any of these.')),
    number: v.optional(words(64, 'The number of a phone.')),
    ...paging,
  }),
  answers: { 200: { description: 'A page of phones.', schema: extensionPageShape } },
  async handle({ principal, query: { limit, after, ...filter } }, context) {
    const { tenant } = principal;
    const page = await readOwn(context, principal, (tx) =>
      listExtensions(tx, { ...filter, tenant }, { limit, after }),
    );
    return { body: page };
  },
});

const callsShown = { max: 50, usual: 10 } as const;

export const readExtensionRoute = defineRoute({
  method: 'GET',
  path: '/v1/extensions/{pbx}/{number}',
  tag: 'Phones',
  summary: 'One phone, with what was last said of it and its last calls',
  scope: 'calls:read',
  params: v.strictObject({ pbx: pbxParam, number: words(64, 'The number of a phone.') }),
  query: v.strictObject({
    calls: v.optional(
      wholeNumber(0, callsShown.max, `How many of its calls; ${callsShown.usual} unless given.`),
    ),
  }),
  answers: { 200: { description: 'The phone.', schema: extensionDetailShape } },
  problems: ['not-found'],
  async handle({ principal, params, query: { calls: wanted = callsShown.usual } }, context) {
    const { pbx, number } = params;
    const filter = { tenant: principal.tenant, pbx, extension: number };
    const found = await readOwn(context, principal, async (tx) => {
      const phone = await readExtension(tx, params);
      if (phone === null || wanted === 0) return { phone, calls: [] };
      const { items } = await listCalls(tx, filter, { limit: wanted });
      return { phone, calls: await nameCallers(tx, principal, items) };
    });
    if (found.phone === null) throw notFound(`There is no phone ${number} at the PBX ${pbx}`);
    return { body: { ...found.phone, calls: found.calls } };
  },
});
