import { chosenCallsMax, limitsAfter, timeoutMinutes, type SweepRequest } from '@trunkline/stuck-calls';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { callParam, pbxParam, words } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { sweepStartedShape } from '../shapes/sweeps.ts';
import { ownPbx } from './own.ts';

const { min, max } = timeoutMinutes;

const body = v.strictObject({
  dryRun: v.optional(
    v.pipe(v.boolean(), v.description('Changes nothing, and tells what it would do.')),
    false,
  ),
  verify: v.optional(v.pipe(v.boolean(), v.description('Asks the PBX before a call is ended.')), true),
  confirmUnverified: v.optional(
    v.pipe(v.boolean(), v.description('Needed with `verify: false`: calls that are alive may be ended.')),
    false,
  ),
  timeoutMinutes: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(min, `must be at least ${min}`),
      v.maxValue(max, `must be at most ${max}`),
      v.description('After how many minutes a call counts as stuck; as set unless given.'),
    ),
  ),
  pbx: v.optional(pbxParam),
  extension: v.optional(words(64, 'Only calls in which this phone takes part.')),
  calls: v.optional(
    v.pipe(
      v.array(v.strictObject({ pbx: pbxParam, call: callParam })),
      v.minLength(1, 'must name one at least'),
      v.maxLength(chosenCallsMax, `must name ${chosenCallsMax} at most`),
      v.description(
        'These calls and no others, such as those that a dry run has shown; what is not stuck any more is left alone.',
      ),
    ),
  ),
});

export const startSweepRoute = defineRoute({
  method: 'POST',
  path: '/v1/sweeps',
  tag: 'Sweeps',
  summary: 'Looks for stuck calls, and ends what the PBX calls gone',
  description: 'A worker carries it out; the answer says where to look how it goes.',
  scope: 'ops:write',
  body,
  answers: { 202: { description: 'It was asked for.', schema: sweepStartedShape } },
  problems: ['not-found'],
  async handle({ principal, body: wish, traceparent }, context) {
    const { dryRun, verify, confirmUnverified, pbx, extension, calls, timeoutMinutes: minutes } = wish;
    if (!verify && !dryRun && !confirmUnverified) {
      throw new Problem(
        'unprocessable',
        'Without asking the PBX calls that are alive may be ended. If that is meant, send "confirmUnverified": true',
        { more: { reason: 'unconfirmed' } },
      );
    }
    if (pbx !== undefined) await ownPbx(context, principal, pbx);
    const { tenant, user } = principal;
    const request: SweepRequest = {
      dryRun,
      verify,
      by: user,
      tenant,
      ...(pbx !== undefined && { pbx }),
      ...(extension !== undefined && { extension }),
      ...(calls !== undefined && { calls }),
      ...(minutes !== undefined && limitsAfter(minutes, context.limits)),
    };
    const details = {
      dryRun,
      verify,
      timeoutMinutes: minutes ?? null,
      extension: extension ?? null,
      calls: calls?.length ?? null,
    };
    const action = { principal, action: 'sweep.start', target: pbx ?? 'all PBXs', details, traceparent };
    const id = await start(context, action, request);
    const status = `/v1/sweeps/${id}`;
    return { status: 202, headers: { location: status }, body: { id, status } };
  },
});

const start = (
  context: ApiContext,
  action: Parameters<typeof audited>[1],
  request: SweepRequest,
): Promise<string> => audited(context, action, () => context.sweepRequests.startSweep(request));
