import type { CallKey, Liveness, PbxId, TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { Conditions } from './conditions.ts';
import { maybeDate } from './listed-call.ts';
import { limitOf, pageOf, readCursor, timeShape, uuidShape, type Page, type PageRequest } from './page.ts';

/** After a lost link, after a snapshot, or a sweep of stuck calls. */
export const cleanupRunKinds = ['disconnect', 'reconcile', 'sweep'] as const;
export type CleanupRunKind = (typeof cleanupRunKinds)[number];

export interface ListedCleanupRun {
  readonly id: string;
  readonly tenant: TenantId;
  /** Null where it was about all PBXs of the tenant. */
  readonly pbx: PbxId | null;
  readonly pbxName: string | null;
  readonly kind: CleanupRunKind;
  readonly cause: string | null;
  readonly reason: string | null;
  readonly counts: Readonly<Record<string, number>>;
  /** When what it cleaned up after happened. */
  readonly happenedAt: Date | null;
  /** When a grace period ends that is being waited for. */
  readonly dueAt: Date | null;
  /** The link was back in time, so that nothing had to be done. */
  readonly spared: boolean;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export interface CleanupRunFilter {
  readonly tenant?: TenantId | undefined;
  readonly pbx?: PbxId | undefined;
  readonly kind?: CleanupRunKind | undefined;
}

/** What a run did with one call. */
export interface CleanupRunCall {
  readonly pbx: PbxId;
  readonly call: CallKey;
  readonly why: string;
  readonly liveness: Liveness | null;
  readonly outcome: string;
  readonly detail: string | null;
  readonly at: Date;
}

/** What a cleanup after a lost link or a snapshot changed. */
export interface CleanupRunChange {
  readonly kind: 'call' | 'phone';
  /** The call's name, or the number of the phone. */
  readonly key: string;
  readonly was: string;
  readonly became: string;
  /** What the PBX has said of it since: a call that is open again was revived. Null where it has said nothing. */
  readonly since: string | null;
}

export interface CleanupRunDetail extends ListedCleanupRun {
  /** Calls and phones as they were before, so many of each as are kept. */
  readonly changes: readonly CleanupRunChange[];
  /** Of the calls among them, how many the PBX has called alive since. */
  readonly revived: number;
  /** Of a sweep what became of each call; of the others the calls that are ended by it to this day. */
  readonly calls: readonly CleanupRunCall[];
  readonly moreCalls: boolean;
}

/** A run may have ended ten thousands; the list of calls, filtered by cause and time, shows the rest. */
const callsMax = 200;

export const cleanupRunColumns = `r.id, r.tenant_id as tenant, r.pbx_id as pbx, p.name as "pbxName", r.kind, r.cause,
  nullif(r.reason, '') as reason, r.counts::text as counts, r.happened_at as "happenedAt", r.due_at as "dueAt", r.spared,
  r.started_at as "startedAt", r.finished_at as "finishedAt"`;

type Times = 'happenedAt' | 'dueAt' | 'startedAt' | 'finishedAt';
export type CleanupRunRow = Omit<ListedCleanupRun, Times | 'counts'> & {
  readonly counts: string;
  readonly happenedAt: string | null;
  readonly dueAt: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
};

export const cleanupRunOf = (row: CleanupRunRow): ListedCleanupRun => ({
  ...row,
  counts: JSON.parse(row.counts) as Record<string, number>,
  happenedAt: maybeDate(row.happenedAt),
  dueAt: maybeDate(row.dueAt),
  startedAt: new Date(row.startedAt),
  finishedAt: maybeDate(row.finishedAt),
});

/** A page of runs, newest first. */
export async function listCleanupRuns(
  transaction: Transaction,
  { tenant, pbx, kind }: CleanupRunFilter = {},
  request: PageRequest = {},
): Promise<Page<ListedCleanupRun>> {
  const limit = limitOf(request);
  const runs = new Conditions();
  if (tenant !== undefined) runs.add(`r.tenant_id = ${runs.bind(tenant)}`);
  if (pbx !== undefined) runs.add(`r.pbx_id = ${runs.bind(pbx)}`);
  if (kind !== undefined) runs.add(`r.kind = ${runs.bind(kind)}`);
  if (request.after !== undefined) {
    const [startedAt, id] = readCursor(request.after, [timeShape, uuidShape]).map((part) => runs.bind(part));
    runs.add(`(r.started_at, r.id) < (${startedAt}::timestamptz, ${id}::uuid)`);
  }
  const rows = await transaction.query<CleanupRunRow>(
    `select ${cleanupRunColumns} from cleanup_run r left join pbx p on p.id = r.pbx_id
     where ${runs.sql} order by r.started_at desc, r.id desc limit ${runs.bind(limit + 1)}`,
    runs.parameters,
  );
  return pageOf(rows, limit, cleanupRunOf, ({ startedAt, id }) => [startedAt, id]);
}

/** One run and its calls; null where there is none with this id. */
export async function readCleanupRun(transaction: Transaction, id: string): Promise<CleanupRunDetail | null> {
  const [row] = await transaction.query<CleanupRunRow>(
    `select ${cleanupRunColumns} from cleanup_run r left join pbx p on p.id = r.pbx_id where r.id::text = lower($1)`,
    [id],
  );
  if (row === undefined) return null;
  const found = await transaction.query<Omit<CleanupRunCall, 'at'> & { at: string }>(
    row.kind === 'sweep' ? sweptCalls : closedCalls,
    [row.id, callsMax + 1],
  );
  const changes = await transaction.query<CleanupRunChange>(changed, [row.id]);
  const revived = changes.filter(
    ({ kind, since }) => kind === 'call' && since !== null && since !== 'ended',
  ).length;
  const calls = found.slice(0, callsMax).map((call) => ({ ...call, at: new Date(call.at) }));
  return { ...cleanupRunOf(row), changes, revived, calls, moreCalls: found.length > callsMax };
}

const changed = `
  select g.kind, g.key, g.was, g.became,
    case when g.kind = 'call'
      then (select c.word_status from call c
        where c.pbx_id = r.pbx_id and c.call_key = g.key and c.word_as_of > r.version)
      else (select e.word_status from extension e
        where e.pbx_id = r.pbx_id and e.number = g.key and e.word_as_of > r.version)
    end as since
  from cleanup_run_change g join cleanup_run r on r.id = g.run_id
  where g.run_id = $1 order by g.kind, g.key`;

const sweptCalls = `
  select pbx_id as pbx, call_key as call, why, liveness, outcome, detail, at
  from cleanup_run_call where run_id = $1 order by at desc, pbx_id, call_key limit $2`;

/**
 * Which call a floor closed follows from what is shown of it: no word of its own, and the floor's time and cause. Served
 * by the partial index of calls that floors closed.
 */
export const isClosedBy = `c.pbx_id = r.pbx_id and c.status = 'ended' and c.word_status <> 'ended'
  and c.word_as_of <= r.version and c.ended_at = r.happened_at and c.hangup_cause = r.cause`;

const closedCalls = `
  select c.pbx_id as pbx, c.call_key as call, c.hangup_cause as why, null as liveness, 'ended' as outcome, null as detail,
    c.ended_at as at
  from cleanup_run r join call c on ${isClosedBy}
  where r.id = $1 order by c.call_key limit $2`;
