import type { Principal } from '@trunkline/access';
import { countUnanswered } from '@trunkline/database';
import { callKey, pbxId } from '@trunkline/domain';
import type { SweepReport, SweepRequest } from '@trunkline/stuck-calls';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { uuid } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { scheduleShape, sweepListShape, sweepShape } from '../shapes/sweeps.ts';
import { notFound, readOwn } from './own.ts';

/** As many as are kept. */
const recentMax = 100;

export const listSweepsRoute = defineRoute({
  method: 'GET',
  path: '/v1/sweeps',
  tag: 'Sweeps',
  summary: 'Sweeps that the tenant asked for and that are over, newest first',
  description:
    'They are kept for some hours. What sweeps did, also the scheduled ones, stays in the cleanup runs.',
  scope: 'ops:read',
  answers: { 200: { description: 'The sweeps.', schema: sweepListShape } },
  async handle({ principal }, { sweepRequests }) {
    const recent = await sweepRequests.recentSweeps(recentMax);
    const items = recent
      .filter(({ request }) => isOwn(request, principal))
      .map(({ id, request, finishedAt, report, problem }) => ({
        id,
        request: requestOf(request),
        finishedAt,
        report: report && reportOf(report),
        problem,
      }));
    return { body: { items } };
  },
});

export const readSweepRoute = defineRoute({
  method: 'GET',
  path: '/v1/sweeps/{sweep}',
  tag: 'Sweeps',
  summary: 'How a sweep goes, and what it did',
  scope: 'ops:read',
  params: v.strictObject({ sweep: uuid('The id that POST /v1/sweeps has given.') }),
  answers: { 200: { description: 'The sweep.', schema: sweepShape } },
  problems: ['not-found'],
  async handle({ principal, params: { sweep: id } }, context) {
    const status = await context.sweepRequests.lookAtSweep(id);
    if (status === null || !isOwn(status.request, principal))
      throw notFound(`There is no sweep ${id} (any more)`);
    const { request, report, ...rest } = status;
    const times = report === null ? [] : await unknownTimesOf(context, principal, report);
    return { body: { id, ...rest, request: requestOf(request), report: report && reportOf(report, times) } };
  },
});

export const readScheduleRoute = defineRoute({
  method: 'GET',
  path: '/v1/schedule',
  tag: 'Sweeps',
  summary: 'When the next sweep is made by itself',
  scope: 'ops:read',
  answers: { 200: { description: 'The schedule.', schema: scheduleShape } },
  async handle(_request, { sweepRequests }) {
    const schedule = await sweepRequests.readSchedule();
    const { everyMs = null, cron = null, nextAt = null, request = null } = schedule ?? {};
    // Of sweeps that went through all tenants, only that they were made.
    const made = (await sweepRequests.recentSweeps(recentMax)).filter(
      (recent) => recent.request.tenant === undefined,
    );
    const last = made.find(({ report }) => report?.state !== 'busy');
    const skipped = made.find(({ report }) => report?.state === 'busy');
    return {
      body: {
        scheduled: schedule !== null,
        everyMs,
        cron,
        nextAt,
        verify: request?.verify ?? null,
        lastAt: last?.finishedAt ?? null,
        lastFailed: last === undefined ? null : last.problem !== null,
        skippedAt: skipped?.finishedAt ?? null,
      },
    };
  },
});

/** Scheduled sweeps go through all tenants, so their reports are nobody's in particular. */
const isOwn = ({ tenant }: SweepRequest, principal: Principal): boolean => tenant === principal.tenant;

const requestOf = ({ dryRun, verify, by, pbx, extension, calls, answeredMs }: SweepRequest) => ({
  dryRun,
  verify,
  by,
  pbx: pbx ?? null,
  extension: extension ?? null,
  calls: calls?.length ?? null,
  timeoutMinutes: answeredMs === undefined ? null : answeredMs / 60_000,
});

/** Of each call that could not be asked about: how often that was so, with this time. A dry run is noted nowhere. */
async function unknownTimesOf(
  context: ApiContext,
  principal: Principal,
  { calls, dryRun }: SweepReport,
): Promise<(number | null)[]> {
  const unknown = calls
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ pbx, call }) => ({ pbx: pbxId(pbx), call: callKey(call) }));
  if (unknown.length === 0) return [];
  const times = (await readOwn(context, principal, (tx) => countUnanswered(tx, unknown))).values();
  return calls.map(({ outcome }) =>
    outcome === 'unknown' ? (times.next().value ?? 0) + (dryRun ? 1 : 0) : null,
  );
}

function reportOf(report: SweepReport, unknownTimes: readonly (number | null)[] = []) {
  const { state, dryRun, verify, counts, failedBatches, calls, callsOmitted, more } = report;
  const at = (ms: number): string => new Date(ms).toISOString();
  const maybe = (ms: number | null): string | null => (ms === null ? null : at(ms));
  const shown = calls.map(({ tenant: _tenant, ...call }, index) => ({
    ...call,
    unknownTimes: unknownTimes[index] ?? null,
    startedAt: at(call.startedAt),
    answeredAt: maybe(call.answeredAt),
    verifiedAt: maybe(call.verifiedAt),
    seenAt: at(call.seenAt),
  }));
  return { state, dryRun, verify, counts, failedBatches, calls: shown, callsOmitted, more };
}
