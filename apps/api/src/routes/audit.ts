import { listOperatorActions } from '@trunkline/database';
import * as v from 'valibot';
import { paging, words } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { auditPageShape } from '../shapes/audit.ts';
import { readOwn } from './own.ts';

export const auditRoute = defineRoute({
  method: 'GET',
  path: '/v1/audit',
  tag: 'Audit',
  summary: 'Who did what by hand, newest first',
  scope: 'ops:read',
  query: v.strictObject({
    actor: v.optional(words(200, 'Who did it.')),
    action: v.optional(words(100, 'What was done, such as `sweep.start`.')),
    target: v.optional(words(600, 'With what.')),
    ...paging,
  }),
  answers: { 200: { description: 'A page of actions.', schema: auditPageShape } },
  async handle({ principal, query: { limit, after, ...filter } }, context) {
    const { tenant } = principal;
    const page = await readOwn(context, principal, (tx) =>
      listOperatorActions(tx, { ...filter, tenant }, { limit, after }),
    );
    return { body: page };
  },
});
