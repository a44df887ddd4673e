import { randomUUID } from 'node:crypto';
import { findCalls } from '@trunkline/database';
import { dialledNumber } from '@trunkline/pbx-commands';
import * as v from 'valibot';
import { audited } from '../audited.ts';
import { callParam, pbxParam, words } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { hungUpShape, originatedShape } from '../shapes/calls.ts';
import { notFound, ownPbx, readOwn } from './own.ts';

const dialled = (description: string) =>
  v.pipe(words(64, description), v.regex(dialledNumber, 'must be a number as one dials it'));

export const originateRoute = defineRoute({
  method: 'POST',
  path: '/v1/calls',
  tag: 'Calls',
  summary: 'Makes a call: rings a phone and, when it answers, dials',
  description:
    'Waits some seconds for what the PBX says. 504 says that it may have been done or not: look before you send it again, or send it with the same Idempotency-Key.',
  scope: 'calls:control',
  body: v.strictObject({
    pbx: pbxParam,
    from: dialled('The phone that rings.'),
    to: dialled('The number that is dialled when it answers.'),
    callerName: v.optional(words(100, 'What the phone shows meanwhile, where the PBX can do that.')),
  }),
  answers: { 201: { description: 'The PBX makes the call.', schema: originatedShape } },
  problems: ['not-found', 'pbx-refused', 'outcome-unknown'],
  async handle({ principal, body: { pbx, from, to, callerName }, traceparent }, context) {
    refuseDisabled(await ownPbx(context, principal, pbx));
    const id = randomUUID();
    const details = { from, to };
    const { call } = await audited(
      context,
      { principal, action: 'call.originate', target: pbx, details, traceparent },
      () =>
        context.commands.send(
          pbx,
          { kind: 'originate', from, to, id, ...(callerName !== undefined && { callerName }) },
          { deadlineMs: context.commandMs },
        ),
    );
    return { status: 201, body: { outcome: 'done', call } };
  },
});

export const hangUpRoute = defineRoute({
  method: 'POST',
  path: '/v1/calls/{pbx}/{call}/hangup',
  tag: 'Calls',
  summary: 'Ends a call at the PBX',
  description: 'What is shown of the call changes when the PBX says that it has ended.',
  scope: 'calls:control',
  params: v.strictObject({ pbx: pbxParam, call: callParam }),
  answers: { 200: { description: 'The PBX has ended it, or had none.', schema: hungUpShape } },
  problems: ['not-found', 'pbx-refused', 'outcome-unknown'],
  async handle({ principal, params: { pbx, call }, traceparent }, context) {
    const { tenant } = principal;
    const [found] = await readOwn(context, principal, (tx) => findCalls(tx, call, { tenant, pbx }));
    if (found === undefined) throw notFound(`There is no call ${call} of the PBX ${pbx}`);
    if (found.status === 'ended')
      throw new Problem('conflict', 'The call has ended already', { more: { reason: 'ended' } });
    refuseDisabled(await ownPbx(context, principal, pbx));
    const target = `${pbx}/${call}`;
    const outcome = await audited(context, { principal, action: 'call.hangup', target, traceparent }, () =>
      context.commands.send(pbx, { kind: 'hangUp', call }, { deadlineMs: context.commandMs }),
    );
    return { body: { outcome } };
  },
});

function refuseDisabled({ name, enabled }: { readonly name: string; readonly enabled: boolean }): void {
  if (!enabled)
    throw new Problem('conflict', `${name} is switched off, so nothing can be asked of it`, {
      more: { reason: 'disabled' },
    });
}
