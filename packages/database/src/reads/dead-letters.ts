import type { Transaction } from '../transaction.ts';
import { Conditions } from './conditions.ts';
import { maybeDate } from './listed-call.ts';
import { limitOf, pageOf, readCursor, timeShape, uuidShape, type Page, type PageRequest } from './page.ts';

export const deadLetterStates = ['parked', 'replayed', 'dropped'] as const;

/** An entry that nobody could digest, of whichever group. For services: it may be of a PBX that nobody knows. */
export interface ListedDeadLetter {
  readonly id: string;
  readonly group: string;
  readonly shard: number;
  readonly entryId: string;
  /** The PBX it speaks of, where it can be read, and its name, where it is known. */
  readonly source: string | null;
  readonly pbxName: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly type: string | null;
  readonly error: string;
  readonly attempts: number;
  readonly state: (typeof deadLetterStates)[number];
  readonly failedAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
}

export interface DeadLetterDetail extends ListedDeadLetter {
  readonly payload: string;
  readonly traceparent: string | null;
}

export interface ListedDeadLettersFilter {
  readonly group?: string | undefined;
  readonly source?: string | undefined;
  readonly state?: ListedDeadLetter['state'] | undefined;
  readonly type?: string | undefined;
  /** The first line of what went wrong. */
  readonly error?: string | undefined;
  /** Failed at this time or before it: what was counted then, and nothing that came since. */
  readonly failedBy?: Date | undefined;
  /** Only those that name no PBX that is known here, and so belong to no tenant. */
  readonly ofNobody?: boolean | undefined;
}

const columns = `d.id, d.group_name as "group", d.shard, d.entry_id as "entryId", d.source, p.name as "pbxName",
  d.epoch::float8 as epoch, d.seq::float8 as seq, d.type, d.error, d.attempts, d.state, d.failed_at as "failedAt",
  d.resolved_at as "resolvedAt", d.resolved_by as "resolvedBy"`;

type Row<Letter> = Omit<Letter, 'failedAt' | 'resolvedAt'> & {
  readonly failedAt: string;
  readonly resolvedAt: string | null;
};

const datesOf = (row: Row<object>) => ({
  failedAt: new Date(row.failedAt),
  resolvedAt: maybeDate(row.resolvedAt),
});

/** A page of dead letters of all groups, newest first. */
export async function listDeadLetters(
  transaction: Transaction,
  filter: ListedDeadLettersFilter = {},
  request: PageRequest = {},
): Promise<Page<ListedDeadLetter>> {
  const limit = limitOf(request);
  const letters = conditionsOf(filter);
  if (request.after !== undefined) {
    const [failedAt, id] = readCursor(request.after, [timeShape, uuidShape]).map((part) =>
      letters.bind(part),
    );
    letters.add(`(d.failed_at, d.id) < (${failedAt}::timestamptz, ${id}::uuid)`);
  }
  const rows = await transaction.query<Row<ListedDeadLetter>>(
    `select ${columns} from dead_letter d left join pbx p on p.id::text = d.source
     where ${letters.sql} order by d.failed_at desc, d.id desc limit ${letters.bind(limit + 1)}`,
    letters.parameters,
  );
  return pageOf(
    rows,
    limit,
    (row) => ({ ...row, ...datesOf(row) }),
    (row) => [row.failedAt, row.id],
  );
}

function conditionsOf({
  group,
  source,
  state,
  type,
  error,
  failedBy,
  ofNobody = false,
}: ListedDeadLettersFilter): Conditions {
  const letters = new Conditions();
  if (group !== undefined) letters.add(`d.group_name = ${letters.bind(group)}`);
  if (source !== undefined) letters.add(`d.source = ${letters.bind(source)}`);
  if (state !== undefined) letters.add(`d.state = ${letters.bind(state)}`);
  if (type !== undefined) letters.add(`d.type = ${letters.bind(type)}`);
  if (error !== undefined) letters.add(`${firstLine} = ${letters.bind(error)}`);
  if (failedBy !== undefined)
    letters.add(`d.failed_at <= ${letters.bind(failedBy.toISOString())}::timestamptz`);
  if (ofNobody) letters.add('p.id is null');
  return letters;
}

/** What tells errors apart for people; the rest says where it happened. */
const firstLine = `left(split_part(d.error, E'\\n', 1), 300)`;

/** Letters that failed alike. */
export interface DeadLetterGroup {
  readonly error: string;
  readonly group: string;
  readonly type: string | null;
  readonly count: number;
  readonly pbxs: number;
  readonly oldestAt: Date;
  readonly newestAt: Date;
}

const groupsMax = 200;

/** Those that pass a filter, by what went wrong, the most frequent first. `failedBy` is the moment for which it holds. */
export async function groupDeadLetters(
  transaction: Transaction,
  filter: ListedDeadLettersFilter = {},
): Promise<{ readonly groups: DeadLetterGroup[]; readonly total: number; readonly countedAt: Date }> {
  const countedAt = filter.failedBy ?? (await readClock(transaction));
  const letters = conditionsOf({ ...filter, failedBy: countedAt });
  const rows = await transaction.query<
    Omit<DeadLetterGroup, 'oldestAt' | 'newestAt'> & { oldestAt: string; newestAt: string; total: number }
  >(
    `select ${firstLine} as error, d.group_name as "group", d.type, count(*)::integer as count,
       count(distinct d.source)::integer as pbxs, min(d.failed_at) as "oldestAt", max(d.failed_at) as "newestAt",
       (sum(count(*)) over ())::integer as total
     from dead_letter d left join pbx p on p.id::text = d.source
     where ${letters.sql} group by 1, 2, 3 order by count desc, 1, 2, 3 limit ${letters.bind(groupsMax)}`,
    letters.parameters,
  );
  return {
    groups: rows.map(({ total: _total, ...row }) => ({
      ...row,
      oldestAt: new Date(row.oldestAt),
      newestAt: new Date(row.newestAt),
    })),
    total: rows[0]?.total ?? 0,
    countedAt,
  };
}

async function readClock(transaction: Transaction): Promise<Date> {
  const [row] = await transaction.query<{ now: string }>('select clock_timestamp() as now');
  return new Date(row?.now ?? Date.now());
}

/** One of them with what could not be digested; null where there is none with this id. */
export async function readDeadLetter(transaction: Transaction, id: string): Promise<DeadLetterDetail | null> {
  const [row] = await transaction.query<Row<DeadLetterDetail>>(
    `select ${columns}, d.payload, d.traceparent from dead_letter d left join pbx p on p.id::text = d.source
     where d.id::text = lower($1)`,
    [id],
  );
  return row === undefined ? null : { ...row, ...datesOf(row) };
}
