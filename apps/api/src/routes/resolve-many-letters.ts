import type { Principal } from '@trunkline/access';
import {
  groupDeadLetters,
  listDeadLetters,
  readDeadLetter,
  type ListedDeadLetter,
} from '@trunkline/database';
import { dropDeadLetter, replayDeadLetter } from '@trunkline/operations';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { pbxParam, time, uuid, words } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute, type RouteAnswer, type RouteRequest } from '../http/route.ts';
import { resolvedLettersShape } from '../shapes/dead-letters.ts';
import { readOwn } from './own.ts';

/** Each is a transaction of its own, and somebody waits for the answer. */
const atOnceMax = 100;

const these = v.strictObject({
  ids: v.pipe(
    v.array(uuid('The id of a dead letter.')),
    v.minLength(1, 'must name one at least'),
    v.maxLength(atOnceMax, `must name ${atOnceMax} at most`),
  ),
});

const matching = v.strictObject({
  group: v.optional(words(64, 'Whose letter it is.')),
  pbx: v.optional(pbxParam),
  type: v.optional(words(100, 'What kind of event it is.')),
  error: v.optional(words(300, 'The first line of what went wrong.')),
  failedBy: time('`countedAt` of the groups: what has failed since is left alone.'),
  count: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1),
    v.description('How many were shown. If there are others by now, nothing is done and the answer is 409.'),
  ),
  after: v.optional(words(2_000, '`next` of the answer before, where there were too many for one request.')),
});

const body = v.union([these, matching], 'must name "ids", or "failedBy" and "count" of all that match');
type Wish = v.InferOutput<typeof body>;
type Resolve = typeof replayDeadLetter | typeof dropDeadLetter;

const shared = {
  method: 'POST',
  tag: 'Dead letters',
  scope: 'ops:write',
  body,
  answers: { 200: { description: 'What became of each.', schema: resolvedLettersShape } },
} as const;

export const replayDeadLettersRoute = defineRoute({
  ...shared,
  path: '/v1/dead-letters/replay',
  summary: 'Applies several once more: some, or all that match',
  description: `At most ${atOnceMax} at once. What fails again stays parked, and the others go on.`,
  handle: (request, context) => resolveMany(request, context, 'dead-letter.replay', replayDeadLetter),
});

export const dropDeadLettersRoute = defineRoute({
  ...shared,
  path: '/v1/dead-letters/drop',
  summary: 'Puts several away for good: some, or all that match',
  description: `At most ${atOnceMax} at once.`,
  handle: (request, context) => resolveMany(request, context, 'dead-letter.drop', dropDeadLetter),
});

async function resolveMany(
  { principal, body: wish, traceparent }: RouteRequest<undefined, undefined, Wish>,
  context: ApiContext,
  action: string,
  work: Resolve,
): Promise<RouteAnswer> {
  const { letters, missing, total, next } = await wantedLetters(context, principal, wish);
  const details = 'ids' in wish ? { letters: wish.ids.length } : { ...wish, letters: letters.length };
  const results = await audited(
    context,
    { principal, action, target: 'several', details, traceparent },
    async () => {
      const done: Result[] = missing.map((id) => ({ id, outcome: 'gone', problem: null }));
      for (const letter of letters) done.push(await resolveOne(context, principal, letter, work));
      return done;
    },
  );
  const resolved = results.filter(({ outcome }) => outcome === 'replayed' || outcome === 'dropped').length;
  return { body: { results, left: Math.max(0, total - resolved), next } };
}

interface Wanted {
  readonly letters: readonly ListedDeadLetter[];
  readonly missing: readonly string[];
  readonly total: number;
  readonly next: string | null;
}

/** Only letters of the tenant's own PBXs: those of nobody's are resolved one by one. */
async function wantedLetters(context: ApiContext, principal: Principal, wish: Wish): Promise<Wanted> {
  if ('ids' in wish) {
    const ids = [...new Set(wish.ids)];
    const found = await readOwn(context, principal, async (tx) => {
      const letters: ListedDeadLetter[] = [];
      for (const id of ids) {
        const letter = await readDeadLetter(tx, id);
        if (letter !== null) letters.push(letter);
      }
      return letters;
    });
    const missing = ids.filter((id) => found.every((letter) => letter.id !== id));
    return { letters: found, missing, total: ids.length, next: null };
  }
  const { count, after, pbx, ...others } = wish;
  const filter = { ...others, source: pbx, state: 'parked' } as const;
  const { total, page } = await readOwn(context, principal, async (tx) => ({
    total: (await groupDeadLetters(tx, filter)).total,
    page: await listDeadLetters(tx, filter, { limit: atOnceMax, after }),
  }));
  if (after === undefined && total !== count)
    throw new Problem('conflict', `${total} match now, not ${count}; look again before you go on`, {
      more: { reason: 'changed', count: total },
    });
  return { letters: page.items, missing: [], total, next: page.next };
}

interface Result {
  readonly id: string;
  readonly outcome: 'replayed' | 'dropped' | 'conflict' | 'failed' | 'unreadable' | 'gone';
  readonly problem: string | null;
}

async function resolveOne(
  context: ApiContext,
  { user }: Principal,
  letter: ListedDeadLetter,
  work: Resolve,
): Promise<Result> {
  const { id } = letter;
  const done = await work(context, letter, user);
  switch (done.outcome) {
    case 'replayed':
    case 'dropped':
      return { id, outcome: done.outcome, problem: null };
    case 'already-resolved':
      return { id, outcome: 'conflict', problem: `it was ${done.state} already` };
    case 'failed':
      return { id, outcome: 'failed', problem: done.error };
    case 'unreadable':
      return { id, outcome: 'unreadable', problem: 'nobody could read it, so there is nothing to apply' };
    case 'not-found':
    default:
      return { id, outcome: 'gone', problem: null };
  }
}
