import type { Principal } from '@trunkline/access';
import {
  listLinks,
  listLinkSteps,
  listPbxActivity,
  listPbxs,
  type ListedLink,
  type PbxActivity,
} from '@trunkline/database';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { paging, pbxParam } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { linkListShape, linkStepPageShape, pbxDetailShape, pbxListShape } from '../shapes/pbxs.ts';
import { notFound, ownPbx, readOwn } from './own.ts';

export const listPbxsRoute = defineRoute({
  method: 'GET',
  path: '/v1/pbxs',
  tag: 'PBXs',
  summary: 'PBXs, how their links stand and what goes on at each',
  scope: 'calls:read',
  answers: { 200: { description: 'All PBXs of the tenant, by name.', schema: pbxListShape } },
  async handle({ principal }, context) {
    const { tenant } = principal;
    const { links, activity } = await readOwn(context, principal, async (tx) => ({
      links: await listLinks(tx, { tenant }),
      activity: await listPbxActivity(tx, { tenant }),
    }));
    return { body: { items: links.map((link) => withActivity(link, activity)) } };
  },
});

function withActivity(link: ListedLink, activity: readonly PbxActivity[]) {
  const found = activity.find(({ pbx }) => pbx === link.pbx);
  return { ...link, openCalls: found?.openCalls ?? 0, engagedExtensions: found?.engagedExtensions ?? 0 };
}

export const readPbxRoute = defineRoute({
  method: 'GET',
  path: '/v1/pbxs/{pbx}',
  tag: 'PBXs',
  summary: 'One PBX with what operators need to know of its link',
  scope: 'ops:read',
  params: v.strictObject({ pbx: pbxParam }),
  answers: { 200: { description: 'The PBX.', schema: pbxDetailShape } },
  problems: ['not-found'],
  async handle({ principal, params: { pbx } }, context) {
    await ownPbx(context, principal, pbx);
    const found = (await readLinks(context, principal)).find((each) => each.pbx === pbx);
    if (found === undefined) throw notFound(`There is no PBX ${pbx} any more`);
    return { body: found };
  },
});

export const listLinksRoute = defineRoute({
  method: 'GET',
  path: '/v1/links',
  tag: 'PBXs',
  summary: 'All links with what operators need to know of them',
  scope: 'ops:read',
  answers: {
    200: { description: 'All links of the tenant, by the name of the PBX.', schema: linkListShape },
  },
  handle: async ({ principal }, context) => ({ body: { items: await readLinks(context, principal) } }),
});

export const listLinkStepsRoute = defineRoute({
  method: 'GET',
  path: '/v1/pbxs/{pbx}/transitions',
  tag: 'PBXs',
  summary: 'How a link came to stand as it does, newest first',
  description:
    'The newest 500 changes of each link are kept. A state that was so brief that nobody could store it is not among them.',
  scope: 'ops:read',
  params: v.strictObject({ pbx: pbxParam }),
  query: v.strictObject(paging),
  answers: { 200: { description: 'A page of changes.', schema: linkStepPageShape } },
  problems: ['not-found'],
  async handle({ principal, params: { pbx }, query }, context) {
    await ownPbx(context, principal, pbx);
    return { body: await readOwn(context, principal, (tx) => listLinkSteps(tx, pbx, query)) };
  },
});

/** Blocks and holders are no tenant's rows, so they are read past the wall, for the tenant's own PBXs. */
async function readLinks(context: ApiContext, principal: Principal) {
  const { tenant } = principal;
  const { links, activity } = await readOwn(context, principal, async (tx) => ({
    links: await listLinks(tx, { tenant }),
    activity: await listPbxActivity(tx, { tenant }),
  }));
  const told = await context.database.run((tx) => listPbxs(tx, { tenant }));
  return links.flatMap((link) => {
    const known = told.find(({ id }) => id === link.pbx)?.link;
    if (known === undefined) return [];
    const { heldBy, leaseExpiresAt, heardAt, epoch, failures, credentialFailures, blocks } = known;
    const details = {
      heldBy,
      leaseExpiresAt,
      heardAt,
      epoch,
      failures,
      refusedLogins: credentialFailures,
      blocks,
    };
    return [{ ...withActivity(link, activity), link: details }];
  });
}
