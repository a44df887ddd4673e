import { cleanupRunKinds, listCleanupRuns, readCleanupRun } from '@trunkline/database';
import * as v from 'valibot';
import { paging, pbxParam, uuid } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { cleanupRunDetailShape, cleanupRunPageShape } from '../shapes/cleanup-runs.ts';
import { notFound, readOwn } from './own.ts';

export const listCleanupRunsRoute = defineRoute({
  method: 'GET',
  path: '/v1/cleanup-runs',
  tag: 'Cleanup',
  summary: 'What was cleaned up after lost links, by snapshots and by sweeps, newest first',
  scope: 'ops:read',
  query: v.strictObject({
    pbx: v.optional(pbxParam),
    kind: v.optional(v.pipe(v.picklist(cleanupRunKinds), v.description('What it was done after.'))),
    ...paging,
  }),
  answers: { 200: { description: 'A page of runs.', schema: cleanupRunPageShape } },
  async handle({ principal, query: { limit, after, ...filter } }, context) {
    const { tenant } = principal;
    const page = await readOwn(context, principal, (tx) =>
      listCleanupRuns(tx, { ...filter, tenant }, { limit, after }),
    );
    return { body: page };
  },
});

export const readCleanupRunRoute = defineRoute({
  method: 'GET',
  path: '/v1/cleanup-runs/{run}',
  tag: 'Cleanup',
  summary: 'One run, and what it did with each call',
  scope: 'ops:read',
  params: v.strictObject({ run: uuid('The id of a run.') }),
  answers: { 200: { description: 'The run.', schema: cleanupRunDetailShape } },
  problems: ['not-found'],
  async handle({ principal, params: { run: id } }, context) {
    const run = await readOwn(context, principal, (tx) => readCleanupRun(tx, id));
    if (run === null) throw notFound(`There is no cleanup run ${id}`);
    return { body: run };
  },
});
