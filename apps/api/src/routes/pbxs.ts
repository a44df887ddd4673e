import { listLinks, listPbxActivity, showPbx, type ListedLink, type PbxActivity } from '@trunkline/database';
import * as v from 'valibot';
import { pbxParam } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { pbxDetailShape, pbxListShape } from '../shapes/pbxs.ts';
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
    const link = await ownPbx(context, principal, pbx);
    const activity = await readOwn(context, principal, (tx) =>
      listPbxActivity(tx, { tenant: principal.tenant }),
    );
    const shown = await context.database.run((tx) => showPbx(tx, pbx));
    if (shown === null) throw notFound(`There is no PBX ${pbx} any more`);
    const { heldBy, epoch, failures, credentialFailures, blocks } = shown.link;
    const details = { heldBy, epoch, failures, refusedLogins: credentialFailures, blocks };
    return { body: { ...withActivity(link, activity), link: details } };
  },
});
