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
  { group, source, state, ofNobody = false }: ListedDeadLettersFilter = {},
  request: PageRequest = {},
): Promise<Page<ListedDeadLetter>> {
  const limit = limitOf(request);
  const letters = new Conditions();
  if (group !== undefined) letters.add(`d.group_name = ${letters.bind(group)}`);
  if (source !== undefined) letters.add(`d.source = ${letters.bind(source)}`);
  if (state !== undefined) letters.add(`d.state = ${letters.bind(state)}`);
  if (ofNobody) letters.add('p.id is null');
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

/** One of them with what could not be digested; null where there is none with this id. */
export async function readDeadLetter(transaction: Transaction, id: string): Promise<DeadLetterDetail | null> {
  const [row] = await transaction.query<Row<DeadLetterDetail>>(
    `select ${columns}, d.payload, d.traceparent from dead_letter d left join pbx p on p.id::text = d.source
     where d.id::text = lower($1)`,
    [id],
  );
  return row === undefined ? null : { ...row, ...datesOf(row) };
}
