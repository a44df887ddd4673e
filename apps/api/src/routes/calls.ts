import type { Principal } from '@trunkline/access';
import {
  countCalls,
  listCalls,
  pageLimits,
  readCall,
  readCallStats,
  readParties,
  type CallFilter,
  type ListedCall,
  type PageRequest,
} from '@trunkline/database';
import { callStatuses, directions, hangupCauses } from '@trunkline/domain';
import { redactJson } from '@trunkline/service-kit';
import { limitsAfter, timeoutMinutes } from '@trunkline/stuck-calls';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { callParam, flag, paging, pbxParam, several, time, wholeNumber, words } from '../http/inputs.ts';
import { isoInZone, isZone } from '../http/iso-in-zone.ts';
import { lacksScope } from '../http/mount-routes.ts';
import { defineRoute } from '../http/route.ts';
import {
  callCountShape,
  callDetailShape,
  callPageShape,
  callPartiesShape,
  callStatsShape,
} from '../shapes/calls.ts';
import { nameCallers } from './name-callers.ts';
import { notFound, readOwn } from './own.ts';

const limitMinutes = v.optional(
  wholeNumber(
    timeoutMinutes.min,
    timeoutMinutes.max,
    'After how many minutes a call counts as stuck; as set unless given.',
  ),
);

const callFilter = {
  status: v.optional(several(callStatuses, 'Any of these.')),
  extension: v.optional(words(64, 'A phone that takes part, or the number of either party.')),
  numberStartsWith: v.optional(words(64, 'How the number of either party begins.')),
  numberEndsWith: v.optional(words(64, 'How the number of either party ends.')),
  direction: v.optional(v.pipe(v.picklist(directions), v.description('Which way it went.'))),
  cause: v.optional(several(hangupCauses, 'Why it ended: any of these.')),
  pbx: v.optional(pbxParam),
  from: v.optional(time('Started then or later.')),
  to: v.optional(time('Started before then.')),
  stuck: v.optional(flag('Only those that are open for too long.')),
  timeoutMinutes: limitMinutes,
};

type WantedCalls = v.InferOutput<v.StrictObjectSchema<typeof callFilter, undefined>>;

/** The calls that somebody wants, of those that may be seen. */
function filterOf(principal: Principal, wanted: WantedCalls, { limits }: ApiContext): CallFilter {
  refuseNumbers(principal, wanted);
  const { stuck = false, timeoutMinutes: minutes, ...filter } = wanted;
  return { ...filter, tenant: principal.tenant, stuck: stuck ? limitsAfter(minutes, limits) : undefined };
}

export const listCallsRoute = defineRoute({
  method: 'GET',
  path: '/v1/calls',
  tag: 'Calls',
  summary: 'Calls, newest first',
  description:
    'Looking for parts of phone numbers needs `numbers:read`, since it would tell them digit by digit to whoever must not see them.',
  scope: 'calls:read',
  query: v.strictObject({ ...callFilter, ...paging }),
  answers: { 200: { description: 'A page of calls.', schema: callPageShape } },
  async handle({ principal, query }, context) {
    const { limit, after, ...wanted } = query;
    const filter = filterOf(principal, wanted, context);
    const page = await readOwn(context, principal, async (tx) => {
      const { items, next } = await listCalls(tx, filter, { limit, after });
      return { items: await nameCallers(tx, principal, items), next };
    });
    return { body: page };
  },
});

export const countCallsRoute = defineRoute({
  method: 'GET',
  path: '/v1/calls/count',
  tag: 'Calls',
  summary: 'How many calls a list would show',
  description: 'Up to a thousand are counted; beyond that it says about how many there are.',
  scope: 'calls:read',
  query: v.strictObject(callFilter),
  answers: { 200: { description: 'How many.', schema: callCountShape } },
  async handle({ principal, query }, context) {
    const filter = filterOf(principal, query, context);
    return { body: await readOwn(context, principal, (tx) => countCalls(tx, filter)) };
  },
});

/** As many as an address has room for. */
const namedCallsMax = 40;

const nameOfCall = v.pipe(
  v.string(),
  v.regex(/^[^/]+\/./, 'must be the id of a PBX, a slash, and its name for the call'),
  v.transform((text) => ({
    pbx: text.slice(0, text.indexOf('/')),
    call: text.slice(text.indexOf('/') + 1),
  })),
  v.object({ pbx: pbxParam, call: callParam }),
);

const namedCalls = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((given) => [given].flat()),
  v.array(nameOfCall),
  v.maxLength(namedCallsMax),
  v.description(`\`<pbx>/<call>\`, up to ${namedCallsMax} times.`),
);

export const readPartiesRoute = defineRoute({
  method: 'GET',
  path: '/v1/calls/parties',
  tag: 'Calls',
  summary: 'Which contacts take part in calls',
  description:
    'For screens that show calls as they happen: push tells numbers, and this tells whose they are.',
  scope: 'calls:read',
  query: v.strictObject({ call: v.optional(namedCalls, []) }),
  answers: { 200: { description: 'Of those calls that there are.', schema: callPartiesShape } },
  async handle({ principal, query: { call: calls } }, context) {
    const items = await readOwn(context, principal, async (tx) =>
      nameCallers(tx, principal, await readParties(tx, calls)),
    );
    return { body: { items: items.map(({ callerNumber: _from, calleeNumber: _to, ...named }) => named) } };
  },
});

/** More is a job for the database's own tools; a spreadsheet gets slow with fewer. */
const exportedMax = 10_000;

const zoneParam = v.pipe(
  words(64, 'The zone in which times are told, such as `Europe/Lisbon`; UTC unless given.'),
  v.check(isZone, 'must be a time zone such as Europe/Lisbon'),
);

export const exportCallsRoute = defineRoute({
  method: 'GET',
  path: '/v1/calls/export',
  tag: 'Calls',
  summary: 'The calls of a list as a file for spreadsheets',
  description: `The newest ${exportedMax} of them; the header \`trunkline-more: true\` says that there are more. What begins like a formula is made harmless.`,
  scope: 'calls:read',
  as: 'csv',
  query: v.strictObject({ ...callFilter, zone: v.optional(zoneParam) }),
  answers: { 200: { description: 'The file.', schema: v.string() } },
  async handle({ principal, query }, context) {
    const { zone, ...wanted } = query;
    const filter = filterOf(principal, wanted, context);
    const rows: ListedCall[] = [];
    let after: string | null = null;
    do {
      const request: PageRequest = { limit: pageLimits.max, ...(after !== null && { after }) };
      const page = await readOwn(context, principal, (tx) => listCalls(tx, filter, request));
      rows.push(...page.items);
      after = page.next;
    } while (after !== null && rows.length < exportedMax);
    return {
      headers: {
        'content-disposition': 'attachment; filename="calls.csv"',
        ...(after !== null && { 'trunkline-more': 'true' }),
      },
      body: rows.map(zone === undefined ? exportedCall : inZone(zone)),
    };
  },
});

/** Ids of tenants and revisions are of no use outside. */
function exportedCall(row: ListedCall) {
  const { tenant: _tenant, revision: _revision, answeredApproximate: _about, ...call } = row;
  return call;
}

/** The same, with times as the clocks of a zone show them. */
function inZone(zone: string): (row: ListedCall) => object {
  const told = isoInZone(zone);
  return (row) =>
    Object.fromEntries(
      Object.entries(exportedCall(row)).map(([name, value]) => [
        name,
        value instanceof Date ? told(value) : value,
      ]),
    );
}

interface NumberSearch {
  readonly extension?: string | undefined;
  readonly numberStartsWith?: string | undefined;
  readonly numberEndsWith?: string | undefined;
}

/** A number that is masked in answers must not be found out by asking. Short ones are phones of the house. */
function refuseNumbers(
  { scopes }: Principal,
  { extension, numberStartsWith, numberEndsWith }: NumberSearch,
): void {
  if (scopes.has('numbers:read')) return;
  const { number } = redactJson({ number: extension ?? '' }) as {
    number: string;
  };
  const isMasked = number !== (extension ?? '');
  if (isMasked || numberStartsWith !== undefined || numberEndsWith !== undefined)
    throw lacksScope('numbers:read');
}

export const callStatsRoute = defineRoute({
  method: 'GET',
  path: '/v1/calls/stats',
  tag: 'Calls',
  summary: 'Counts by state and cause, what is stuck, and phones that are shown in two calls',
  scope: 'calls:read',
  query: v.strictObject({
    pbx: v.optional(pbxParam),
    hours: v.optional(
      wholeNumber(1, 8_760, 'Ended calls are counted that began in so many hours; 24 unless given.'),
    ),
    timeoutMinutes: limitMinutes,
  }),
  answers: { 200: { description: 'The counts.', schema: callStatsShape } },
  async handle({ principal, query: { pbx, hours = 24, timeoutMinutes: minutes } }, context) {
    const limits = limitsAfter(minutes, context.limits);
    const sinceMs = hours * 3_600_000;
    const { tenant } = principal;
    return {
      body: await readOwn(context, principal, (tx) => readCallStats(tx, { tenant, pbx, sinceMs, limits })),
    };
  },
});

export const readCallRoute = defineRoute({
  method: 'GET',
  path: '/v1/calls/{pbx}/{call}',
  tag: 'Calls',
  summary: 'One call with its audit trail',
  scope: 'calls:read',
  params: v.strictObject({ pbx: pbxParam, call: callParam }),
  answers: { 200: { description: 'The call.', schema: callDetailShape } },
  problems: ['not-found'],
  async handle({ principal, params }, context) {
    const call = await readOwn(context, principal, async (tx) => {
      const found = await readCall(tx, params);
      return found === null ? null : (await nameCallers(tx, principal, [found]))[0];
    });
    if (call === null || call === undefined)
      throw notFound(`There is no call ${params.call} of the PBX ${params.pbx}`);
    return { body: call };
  },
});
