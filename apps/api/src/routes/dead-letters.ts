import type { Principal } from '@trunkline/access';
import {
  deadLetterStates,
  groupDeadLetters,
  listDeadLetters,
  readDeadLetter,
  type DeadLetterDetail,
  type ListedDeadLettersFilter,
  type Transaction,
} from '@trunkline/database';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { flag, paging, pbxParam, time, uuid, words } from '../http/inputs.ts';
import { maskedText } from '../http/masked-text.ts';
import { lacksScope } from '../http/mount-routes.ts';
import { defineRoute } from '../http/route.ts';
import { deadLetterDetailShape, deadLetterGroupsShape, deadLetterPageShape } from '../shapes/dead-letters.ts';
import { notFound, readOwn } from './own.ts';

/** What is asked of letters, wherever they are listed. */
export const letterFilter = {
  group: v.optional(words(64, 'Whose letter it is.')),
  pbx: v.optional(pbxParam),
  type: v.optional(words(100, 'What kind of event it is, such as `call.ringing`.')),
  error: v.optional(words(300, 'The first line of what went wrong.')),
  state: v.optional(v.pipe(v.picklist(deadLetterStates), v.description('Parked ones wait for somebody.'))),
  failedBy: v.optional(time('Failed then or before: what was counted at a moment, and nothing since.')),
  unknownPbx: v.optional(flag('Those of PBXs that nobody knows, and no others.')),
};

export const listDeadLettersRoute = defineRoute({
  method: 'GET',
  path: '/v1/dead-letters',
  tag: 'Dead letters',
  summary: 'Events that nobody could digest, newest first',
  description:
    'Those of PBXs that nobody knows belong to no tenant; `unknownPbx` shows them to whoever has `platform:read`.',
  scope: 'ops:read',
  query: v.strictObject({ ...letterFilter, ...paging }),
  answers: { 200: { description: 'A page of dead letters.', schema: deadLetterPageShape } },
  async handle({ principal, query: { limit, after, ...filter } }, context) {
    const body = await readLetters(context, principal, filter, (tx, wanted) =>
      listDeadLetters(tx, wanted, { limit, after }),
    );
    return { body };
  },
});

export const groupDeadLettersRoute = defineRoute({
  method: 'GET',
  path: '/v1/dead-letters/groups',
  tag: 'Dead letters',
  summary: 'Those that a list would show, grouped by what went wrong, with their counts',
  scope: 'ops:read',
  query: v.strictObject(letterFilter),
  answers: { 200: { description: 'The groups, the largest first.', schema: deadLetterGroupsShape } },
  async handle({ principal, query }, context) {
    const { groups, ...counted } = await readLetters(context, principal, query, groupDeadLetters);
    return { body: { items: groups, ...counted } };
  },
});

type WantedLetters = v.InferOutput<v.StrictObjectSchema<typeof letterFilter, undefined>>;

/** Letters of nobody's PBX are no tenant's, so they are read past the wall by whoever may. */
function readLetters<Result>(
  context: ApiContext,
  principal: Principal,
  { unknownPbx = false, pbx, ...filter }: WantedLetters,
  read: (transaction: Transaction, wanted: ListedDeadLettersFilter) => Promise<Result>,
): Promise<Result> {
  const wanted = { ...filter, source: pbx, ofNobody: unknownPbx };
  if (!unknownPbx) return readOwn(context, principal, (tx) => read(tx, wanted));
  if (!principal.scopes.has('platform:read')) throw lacksScope('platform:read');
  return context.database.run((tx) => read(tx, wanted));
}

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
    body: withMaskedPayload(await ownLetter(context, principal, letter, 'platform:read'), principal),
  }),
});

const withMaskedPayload = (letter: DeadLetterDetail, principal: Principal): DeadLetterDetail => ({
  ...letter,
  payload: maskedText(letter.payload, principal),
});

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
