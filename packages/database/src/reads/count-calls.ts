import type { Transaction } from '../transaction.ts';
import { wantsEnded, wantsOpen, type CallFilter } from './call-filter.ts';
import { listing } from './list-calls.ts';

export interface CallCount {
  readonly count: number;
  /** It was counted; else it is what PostgreSQL thinks, which may be far off for rare combinations. */
  readonly exact: boolean;
}

/** So many are counted one by one, which takes as long as reading them. */
const countedMax = 1_000;

/** How many calls pass a filter: exactly where they are few, else about. */
export async function countCalls(transaction: Transaction, filter: CallFilter = {}): Promise<CallCount> {
  if (!wantsOpen(filter) && !wantsEnded(filter)) return { count: 0, exact: true };
  const { statement, parameters } = listing(filter, countedMax);
  const [counted] = await transaction.query<{ count: number }>(
    `select count(*)::integer as count from (${statement}) as found`,
    parameters,
  );
  const count = counted?.count ?? 0;
  if (count <= countedMax) return { count, exact: true };
  return { count: Math.max(count, await estimate(transaction, filter)), exact: false };
}

/** A page so large that no limit comes into it: what is left is how many rows there are thought to be. */
const limitless = 2_000_000_000;

async function estimate(transaction: Transaction, filter: CallFilter): Promise<number> {
  const { statement, parameters } = listing(filter, limitless);
  const [row] = await transaction.query<{ 'QUERY PLAN': unknown }>(
    `explain (format json) ${statement}`,
    parameters,
  );
  const told = row?.['QUERY PLAN'];
  const [plan] = (typeof told === 'string' ? JSON.parse(told) : told) as [
    { readonly Plan: { readonly 'Plan Rows': number } },
  ];
  return roundedToTwoDigits(plan.Plan['Plan Rows']);
}

/** A number that is guessed should look like one. */
export function roundedToTwoDigits(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.round(count / step) * step;
}
