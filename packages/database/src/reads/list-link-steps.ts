import type { PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { maybeDate } from './listed-call.ts';
import { limitOf, pageOf, readCursor, type Page, type PageRequest } from './page.ts';

/** One change of how a link stands. */
export interface LinkStep {
  readonly at: Date;
  readonly was: string;
  readonly state: string;
  readonly reason: string | null;
  readonly alarm: string | null;
  readonly nextAttemptAt: Date | null;
  readonly epoch: number;
  /** Which connector says so. */
  readonly holder: string;
}

type Row = Omit<LinkStep, 'at' | 'nextAttemptAt'> & {
  readonly id: string;
  readonly at: string;
  readonly nextAttemptAt: string | null;
};

/** How a link has changed, newest first. The oldest steps are forgotten. */
export async function listLinkSteps(
  transaction: Transaction,
  pbx: PbxId,
  request: PageRequest = {},
): Promise<Page<LinkStep>> {
  const limit = limitOf(request);
  const [before = null] = request.after === undefined ? [] : readCursor(request.after, [/^\d{1,19}$/]);
  const rows = await transaction.query<Row>(
    `select id::text as id, at, was, state, reason, alarm, next_attempt_at as "nextAttemptAt", epoch::float8 as epoch, holder
     from pbx_link_step where pbx_id = $1 and ($2::bigint is null or id < $2) order by pbx_link_step.id desc limit $3`,
    [pbx, before, limit + 1],
  );
  return pageOf(
    rows,
    limit,
    ({ id: _id, ...row }) => ({
      ...row,
      at: new Date(row.at),
      nextAttemptAt: maybeDate(row.nextAttemptAt),
    }),
    ({ id }) => [id],
  );
}
