import { listCalls, type CallFilter } from '@trunkline/database';
import type { CallStatus, Direction, HangupCause, StuckCallLimits } from '@trunkline/domain';
import type { Bench } from '../bench.ts';
import type { PageOptions, ScopeOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showPage } from '../output/show-page.ts';
import { callColumns, callLine } from './call-line.ts';
import { limitsAfter } from '@trunkline/stuck-calls';

export interface CallsListOptions extends PageOptions, ScopeOptions {
  readonly status?: readonly CallStatus[];
  readonly extension?: string;
  readonly number?: string;
  readonly numberEnd?: string;
  readonly direction?: Direction;
  readonly from?: Date;
  readonly to?: Date;
  readonly cause?: readonly HangupCause[];
  /** Minutes, or true for the usual limits. */
  readonly stuck?: number | true;
}

export async function runCallsList(bench: Bench, options: CallsListOptions): Promise<void> {
  const { limit, after } = options;
  const database = await bench.database();
  const page = await database.transaction(async (transaction) => {
    const scope = await resolveScope(transaction, options);
    return await listCalls(
      transaction,
      { ...scope, ...filterOf(options, bench.settings.stuckCalls) },
      { limit, after },
    );
  });
  const now = bench.now();
  showPage(bench.terminal, page, options, {
    columns: callColumns,
    rowOf: (call) => callLine(call, now),
    nothing: 'No calls are like that.',
  });
}

function filterOf(
  { number, numberEnd, stuck, ...options }: CallsListOptions,
  set: StuckCallLimits,
): CallFilter {
  const { status, extension, direction, from, to, cause } = options;
  return {
    status,
    extension,
    direction,
    from,
    to,
    cause,
    numberStartsWith: number,
    numberEndsWith: numberEnd,
    stuck: stuck === undefined ? undefined : limitsAfter(stuck === true ? undefined : stuck, set),
  };
}
