import type { Principal } from '@trunkline/access';
import {
  deadLetterStates,
  listDeadLetters,
  readDeadLetter,
  type DeadLetterDetail,
} from '@trunkline/database';
import { redactJson } from '@trunkline/service-kit';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { flag, paging, pbxParam, uuid, words } from '../http/inputs.ts';
import { lacksScope } from '../http/mount-routes.ts';
import { defineRoute } from '../http/route.ts';
import { deadLetterDetailShape, deadLetterPageShape } from '../shapes/dead-letters.ts';
import { notFound, readOwn } from './own.ts';

export const listDeadLettersRoute = defineRoute({
  method: 'GET',
  path: '/v1/dead-letters',
  tag: 'Dead letters',
  summary: 'Events that nobody could digest, newest first',
  description:
    'Those of PBXs that nobody knows belong to no tenant; `unknownPbx` shows them to whoever has `platform:read`.',
  scope: 'ops:read',
  query: v.strictObject({
    group: v.optional(words(64, 'Whose letter it is.')),
    pbx: v.optional(pbxParam),
    state: v.optional(v.pipe(v.picklist(deadLetterStates), v.description('Parked ones wait for somebody.'))),
    unknownPbx: v.optional(flag('Those of PBXs that nobody knows, and no others.')),
    ...paging,
  }),
  answers: { 200: { description: 'A page of dead letters.', schema: deadLetterPageShape } },
  async handle({ principal, query: { limit, after, unknownPbx = false, pbx, ...filter } }, context) {
    if (unknownPbx && !principal.scopes.has('platform:read')) throw lacksScope('platform:read');
    const wanted = { ...filter, source: pbx, ofNobody: unknownPbx };
    const page = unknownPbx
      ? await context.database.run((tx) => listDeadLetters(tx, wanted, { limit, after }))
      : await readOwn(context, principal, (tx) => listDeadLetters(tx, wanted, { limit, after }));
    return { body: page };
  },
});

export const readDeadLetterRoute = defineRoute({
  method: 'GET',
  path: '/v1/dead-letters/{letter}',
  tag: 'Dead letters',
  summary: 'One of them, with what could not be digested',
  scope: 'ops:read',
  params: v.strictObject({ letter: uuid('The id of a dead letter.') }),
  answers: { 200: { description: 'The letter.', schema: deadLetterDetailShape } },
  problems: ['not-found'],
  handle: async ({ principal, params: { letter } }, context) => ({
    body: maskedPayload(await ownLetter(context, principal, letter, 'platform:read'), principal),
  }),
});

/** Inside a text its fields have no names any more, by which a number is known; so it is masked while they have. */
function maskedPayload(letter: DeadLetterDetail, { scopes }: Principal): DeadLetterDetail {
  if (scopes.has('numbers:read')) return letter;
  try {
    const said = JSON.parse(letter.payload) as unknown;
    return { ...letter, payload: JSON.stringify(redactJson(said)) };
  } catch {
    return letter;
  }
}

/** A letter of one of the tenant's PBXs; or one of nobody's, for whoever runs the installation. */
export async function ownLetter(
  context: ApiContext,
  principal: Principal,
  id: string,
  ofNobody: 'platform:read' | 'platform:write',
): Promise<DeadLetterDetail> {
  const own = await readOwn(context, principal, (tx) => readDeadLetter(tx, id));
  if (own !== null) return own;
  if (principal.scopes.has(ofNobody)) {
    const found = await context.database.run((tx) => readDeadLetter(tx, id));
    // A PBX that is known has a tenant, and that tenant alone sees its letters.
    if (found !== null && found.pbxName === null) return found;
  }
  throw notFound(`There is no dead letter ${id}`);
}
