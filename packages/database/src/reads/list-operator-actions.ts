import type { TenantId } from '@trunkline/domain';
import type { OperatorOutcome } from '../operator-actions/operator-actions.ts';
import type { Transaction } from '../transaction.ts';
import { Conditions } from './conditions.ts';
import { maybeDate } from './listed-call.ts';
import { limitOf, pageOf, readCursor, timeShape, uuidShape, type Page, type PageRequest } from './page.ts';

export interface ListedOperatorAction {
  readonly id: string;
  readonly tenant: TenantId;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: unknown;
  readonly outcome: OperatorOutcome | 'begun';
  readonly problem: string | null;
  readonly traceparent: string | null;
  readonly at: Date;
  readonly finishedAt: Date | null;
}

export interface OperatorActionFilter {
  readonly tenant?: TenantId | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
}

type Row = Omit<ListedOperatorAction, 'details' | 'at' | 'finishedAt'> & {
  readonly details: string;
  readonly at: string;
  readonly finishedAt: string | null;
};

/** A page of what was done by hand, newest first. */
export async function listOperatorActions(
  transaction: Transaction,
  { tenant, actor, action, target }: OperatorActionFilter = {},
  request: PageRequest = {},
): Promise<Page<ListedOperatorAction>> {
  const limit = limitOf(request);
  const actions = new Conditions();
  if (tenant !== undefined) actions.add(`a.tenant_id = ${actions.bind(tenant)}`);
  if (actor !== undefined) actions.add(`a.actor = ${actions.bind(actor)}`);
  if (action !== undefined) actions.add(`a.action = ${actions.bind(action)}`);
  if (target !== undefined) actions.add(`a.target = ${actions.bind(target)}`);
  if (request.after !== undefined) {
    const [at, id] = readCursor(request.after, [timeShape, uuidShape]).map((part) => actions.bind(part));
    actions.add(`(a.at, a.id) < (${at}::timestamptz, ${id}::uuid)`);
  }
  const rows = await transaction.query<Row>(
    `select a.id, a.tenant_id as tenant, a.actor, a.action, a.target, a.details, a.outcome, a.problem, a.traceparent, a.at,
       a.finished_at as "finishedAt"
     from operator_action a where ${actions.sql} order by a.at desc, a.id desc limit ${actions.bind(limit + 1)}`,
    actions.parameters,
  );
  return pageOf(rows, limit, listedActionOf, ({ at, id }) => [at, id]);
}

const listedActionOf = (row: Row): ListedOperatorAction => ({
  ...row,
  details: detailsIn(row.details),
  at: new Date(row.at),
  finishedAt: maybeDate(row.finishedAt),
});

/** Long details are cut when they are stored, and what was cut is still worth showing. */
function detailsIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { cut: text };
  }
}
