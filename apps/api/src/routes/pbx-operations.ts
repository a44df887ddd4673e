import { showPbx, wantSnapshot } from '@trunkline/database';
import { retryLink } from '@trunkline/operations';
import * as v from 'valibot';
import { audited } from '../audited.ts';
import { pbxParam } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { retryWantedShape, snapshotWantedShape } from '../shapes/pbxs.ts';
import { notFound, ownPbx } from './own.ts';

export const snapshotRoute = defineRoute({
  method: 'POST',
  path: '/v1/pbxs/{pbx}/snapshot',
  tag: 'PBXs',
  summary: 'Has the PBX asked for everything, and what is known made to agree with it',
  description:
    'Whoever holds the link does it within a second or so; `snapshotAt` of the PBX tells when it was done.',
  scope: 'ops:write',
  params: v.strictObject({ pbx: pbxParam }),
  answers: { 202: { description: 'It will be done.', schema: snapshotWantedShape } },
  problems: ['not-found'],
  async handle({ principal, params: { pbx }, traceparent }, context) {
    const { held } = await ownPbx(context, principal, pbx);
    await audited(context, { principal, action: 'pbx.snapshot', target: pbx, traceparent }, () =>
      context.database.run((tx) => wantSnapshot(tx, [pbx], `${principal.user} asked for it`)),
    );
    return { status: 202, body: { wanted: true, held } };
  },
});

export const retryRoute = defineRoute({
  method: 'POST',
  path: '/v1/pbxs/{pbx}/retry',
  tag: 'PBXs',
  summary: 'Has the link tried now, with a new budget of logins',
  description:
    'A block of the PBX stands, and the answer is 409, unless `unblocked` says that our address was released on the PBX: a login before then may prolong it.',
  scope: 'ops:write',
  params: v.strictObject({ pbx: pbxParam }),
  body: v.strictObject({
    unblocked: v.optional(v.pipe(v.boolean(), v.description('Our address was released on the PBX.')), false),
  }),
  answers: { 202: { description: 'It will be tried.', schema: retryWantedShape } },
  problems: ['not-found'],
  async handle({ principal, params: { pbx }, body: { unblocked }, traceparent }, context) {
    const { held, name } = await ownPbx(context, principal, pbx);
    const details = { unblocked };
    await audited(context, { principal, action: 'pbx.retry', target: pbx, details, traceparent }, () =>
      context.database.run(async (tx) => {
        const found = await showPbx(tx, pbx);
        if (found === null) throw notFound(`There is no PBX ${pbx} any more`);
        const retried = await retryLink(tx, found, { unblocked });
        if (retried.outcome === 'wanted') return;
        const { egress, until } = retried.block;
        throw new Problem(
          'conflict',
          `${name} blocks our address (${egress}) until ${until}. If you released it on the PBX, send "unblocked": true`,
          { more: { reason: 'blocked' } },
        );
      }),
    );
    return { status: 202, body: { wanted: true, held } };
  },
});
