import { listExtensions } from '@trunkline/database';
import { extensionStatuses } from '@trunkline/domain';
import * as v from 'valibot';
import { paging, pbxParam, several, words } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { extensionPageShape } from '../shapes/extensions.ts';
import { readOwn } from './own.ts';

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
