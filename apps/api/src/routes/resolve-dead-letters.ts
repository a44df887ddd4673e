import type { DeadLetterDetail } from '@trunkline/database';
import { dropDeadLetter, replayDeadLetter } from '@trunkline/operations';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { uuid } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute, type RouteAnswer, type RouteRequest } from '../http/route.ts';
import { resolvedLetterShape } from '../shapes/dead-letters.ts';
import { ownLetter } from './dead-letters.ts';
import { notFound } from './own.ts';

const params = v.strictObject({ letter: uuid('The id of a dead letter.') });

export const replayDeadLetterRoute = defineRoute({
  method: 'POST',
  path: '/v1/dead-letters/{letter}/replay',
  tag: 'Dead letters',
  summary: 'Applies it once more',
  description:
    'Where it fails again it stays parked and the answer is 422 with the error. It is applied once, however often it is asked for.',
  scope: 'ops:write',
  params,
  answers: { 200: { description: 'It was applied.', schema: resolvedLetterShape } },
  problems: ['not-found'],
  handle: (request, context) => resolve(request, context, 'dead-letter.replay', replayDeadLetter),
});

export const dropDeadLetterRoute = defineRoute({
  method: 'POST',
  path: '/v1/dead-letters/{letter}/drop',
  tag: 'Dead letters',
  summary: 'Puts it away for good',
  scope: 'ops:write',
  params,
  answers: { 200: { description: 'It is put away.', schema: resolvedLetterShape } },
  problems: ['not-found'],
  handle: (request, context) => resolve(request, context, 'dead-letter.drop', dropDeadLetter),
});

type Resolve = typeof replayDeadLetter | typeof dropDeadLetter;
type LetterRequest = RouteRequest<v.InferOutput<typeof params>, undefined, undefined>;

async function resolve(
  { principal, params: { letter: id }, traceparent }: LetterRequest,
  context: ApiContext,
  action: string,
  work: Resolve,
): Promise<RouteAnswer> {
  const letter = await ownLetter(context, principal, id, 'platform:write');
  const state = await audited(context, { principal, action, target: id, traceparent }, async () =>
    stateOf(letter, await work(context, letter, principal.user)),
  );
  return { body: { id, state } };
}

function stateOf(
  { id, error }: DeadLetterDetail,
  result: Awaited<ReturnType<Resolve>>,
): 'replayed' | 'dropped' {
  switch (result.outcome) {
    case 'replayed':
    case 'dropped':
      return result.outcome;
    case 'already-resolved':
      throw new Problem('conflict', `The letter was ${result.state} already`, {
        more: { reason: result.state },
      });
    case 'failed':
      throw new Problem('unprocessable', `It failed again and stays parked: ${result.error}`, {
        more: { reason: 'failed' },
      });
    case 'unreadable':
      throw new Problem(
        'unprocessable',
        `It is what a PBX said and nobody could read (${error}), so there is nothing to apply. A snapshot has repaired it: drop it`,
        { more: { reason: 'unreadable' } },
      );
    case 'not-found':
    default:
      throw notFound(`There is no dead letter ${id} any more`);
  }
}
