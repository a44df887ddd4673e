import type { Revocation } from '@trunkline/access';
import * as v from 'valibot';
import { audited } from '../audited.ts';
import { words } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { revokedShape } from '../shapes/audit.ts';

export const revokeRoute = defineRoute({
  method: 'POST',
  path: '/v1/revocations',
  tag: 'Access',
  summary: 'Takes back one access token, or all that a user of the tenant has got so far',
  description:
    'Sockets that were opened with them are closed. It does not keep the user from signing in again.',
  scope: 'ops:write',
  body: v.strictObject({
    user: v.optional(words(200, 'Whose tokens.')),
    tokenId: v.optional(words(300, 'The token with this `jti`.')),
  }),
  answers: { 200: { description: 'They are not accepted any more.', schema: revokedShape } },
  async handle({ principal, body: { user, tokenId }, traceparent }, context) {
    const { tenant } = principal;
    if ((user === undefined) === (tokenId === undefined))
      throw new Problem('unprocessable', 'Say either whose tokens (user) or which one (tokenId)');
    const at = Date.now();
    const revocation: Revocation =
      user === undefined ? { tenant, tokenId: tokenId ?? '', at } : { tenant, user, at };
    const target = user ?? tokenId ?? '';
    await audited(context, { principal, action: 'token.revoke', target, traceparent }, () =>
      context.revocations.revokeTokens(revocation),
    );
    return { body: { revoked: true } };
  },
});
