import { randomUUID } from 'node:crypto';
import {
  fenceWorkLease,
  findDoubleBookings,
  finishRuns,
  settleDoubleBookings,
  type DoubleBooking,
  type WorkLease,
} from '@trunkline/database';
import { decideDoubleBooked, type Liveness } from '@trunkline/domain';
import { settle, type Decided } from './settle.ts';
import { boundsOf, relayLater, type SweepContext } from './sweep-context.ts';
import type { SweptCall } from './sweep-report.ts';
import { verify, type Answer } from './verify.ts';

export interface DoubleBookingBounds {
  /** Phones that are asked about in one look. */
  readonly phonesMax: number;
  /** When the PBX is asked again that could not answer. */
  readonly askAgainMs: number;
}

export const doubleBookingBounds: DoubleBookingBounds = { phonesMax: 20, askAgainMs: 30_000 };

/** A phone that is shown in several open calls, and what the PBX says of them. */
export interface CheckedBooking {
  readonly tenant: string;
  readonly pbx: string;
  readonly extension: string;
  readonly calls: readonly { readonly call: string; readonly liveness: Liveness }[];
}

export interface DoubleBookingLook {
  /** Phones that are shown in several open calls just now. */
  readonly total: number;
  /** Those that the PBX was asked about. */
  readonly checked: readonly CheckedBooking[];
  readonly swept: readonly SweptCall[];
}

/** By which the runs that this leaves behind tell what they were about. */
export const doubleBookingReason = 'double booking';

/**
 * One look at phones that are shown in several open calls. Usually one of the calls lost its hang-up, and nobody should
 * wait for a limit to pass: the PBX is asked at once about each of them, and what is gone is ended. Where all are alive
 * (a call is waiting or on hold) the PBX is not asked again before one of them changes.
 */
export async function checkDoubleBookings(
  context: SweepContext,
  lease: WorkLease,
  bounds: DoubleBookingBounds = doubleBookingBounds,
  signal?: AbortSignal,
): Promise<DoubleBookingLook> {
  const { phonesMax: max, askAgainMs } = bounds;
  const { due, total } = await context.database.run(async (transaction) => {
    await fenceWorkLease(transaction, lease);
    return findDoubleBookings(transaction, { max, askAgainMs });
  });
  if (due.length === 0) return { total, checked: [], swept: [] };

  const calls = distinctCalls(due);
  const answers = await verify(context.ask, calls, boundsOf(context), signal);
  const decided = calls.map((call, index) => decide(call, answers[index]));
  const liveness = new Map(decided.map((each) => [each.call, each.liveness]));
  const checked = due.map((booking) => checkedOf(booking, liveness));
  const settled = due.filter((_booking, index) => checked[index]?.calls.every(isKnown));
  const settlement = {
    sweep: randomUUID(),
    reason: doubleBookingReason,
    lease,
  };
  const worthWritingDown = decided.filter(({ decision }) => decision.do === 'end');
  const swept = await settle(context, settlement, worthWritingDown);
  await finish(context, settlement.sweep, lease, decided, settled);
  return { total, checked, swept };
}

/** A call may be shown for several phones; by identity, so that answers find their way back. */
function distinctCalls(due: readonly DoubleBooking[]): DoubleBooking['calls'][number][] {
  return [...new Set(due.flatMap(({ calls }) => calls))];
}

function decide(call: Decided['call'], answer: Answer | undefined): Decided {
  const { liveness, detail } = answer ?? { liveness: 'unknown', detail: null };
  return {
    call,
    why: 'double_booked',
    liveness,
    detail,
    decision: decideDoubleBooked(liveness, call.seenAt),
  };
}

const checkedOf = (
  { tenant, pbx, extension, calls }: DoubleBooking,
  liveness: ReadonlyMap<Decided['call'], Liveness | null>,
): CheckedBooking => ({
  tenant,
  pbx,
  extension,
  calls: calls.map((call) => ({ call: call.call, liveness: liveness.get(call) ?? 'unknown' })),
});

const isKnown = ({ liveness }: { readonly liveness: Liveness }): boolean => liveness !== 'unknown';

async function finish(
  context: SweepContext,
  sweep: string,
  lease: WorkLease,
  decided: readonly Decided[],
  settled: readonly DoubleBooking[],
): Promise<void> {
  const messages = await context.database.run(async (transaction) => {
    await fenceWorkLease(transaction, lease);
    await settleDoubleBookings(transaction, settled);
    return finishRuns(transaction, sweep);
  });
  await relayLater(context, messages);
  context.logger.debug({ asked: decided.length, settled: settled.length }, 'double bookings were checked');
}
