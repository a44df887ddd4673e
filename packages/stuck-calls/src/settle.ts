import {
  closeCalls,
  fenceWorkLease,
  markVerified,
  storeRunCalls,
  type Closing,
  type OpenCall,
  type OutboxMessage,
  type Reason,
  type Transaction,
  type WorkLease,
} from '@trunkline/database';
import type { Liveness, StuckCallDecision } from '@trunkline/domain';
import { relayLater, type SweepContext } from './sweep-context.ts';
import type { SweptCall } from './sweep-report.ts';
import { runCallOf, sweptCall } from './swept-call.ts';

/** A call, what the PBX said of it, and what is to be done. */
export interface Decided {
  readonly call: OpenCall;
  readonly why: Reason;
  readonly liveness: Liveness | null;
  readonly detail: string | null;
  readonly decision: StuckCallDecision;
}

export interface Settlement {
  readonly sweep: string;
  readonly reason: string;
  /** Nobody else may have taken over before this is committed. */
  readonly lease: WorkLease;
  /** Done in the same transaction, such as noting that a question was answered. */
  readonly alongside?: (transaction: Transaction) => Promise<void>;
}

/**
 * Carries decisions out, all in one transaction: state, audit, run and outbox. What the database refuses is halved until
 * the call that it refuses is alone; that one has failed, and the others are done. What is no fault of any call (the
 * database is away, another sweep has taken over) is thrown: all of it is done again later.
 */
export async function settle(
  context: SweepContext,
  settlement: Settlement,
  decided: readonly Decided[],
): Promise<SweptCall[]> {
  if (decided.length === 0) return [];
  try {
    return await commit(context, settlement, decided);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = decided;
    if (decided.length === 1 && only !== undefined) return [await fail(context, settlement, only, error)];
    const middle = Math.ceil(decided.length / 2);
    const first = await settle(context, settlement, decided.slice(0, middle));
    return [...first, ...(await settle(context, settlement, decided.slice(middle)))];
  }
}

async function commit(
  context: SweepContext,
  settlement: Settlement,
  decided: readonly Decided[],
): Promise<SweptCall[]> {
  const messages: OutboxMessage[] = [];
  const swept = await context.database.run(async (transaction) => {
    await fenceWorkLease(transaction, settlement.lease);
    const closed = await closeCalls(
      transaction,
      decided.filter(({ decision }) => decision.do === 'end'),
    );
    messages.push(...closed.messages);
    const alive = decided.filter(({ decision }) => decision.do === 'mark_verified');
    await markVerified(
      transaction,
      alive.map(({ call }) => call),
    );
    const fates = fatesOf(decided, closed.overtaken);
    await storeRunCalls(
      transaction,
      settlement,
      fates.flatMap((fate, index) => runCallOf((decided[index] as Decided).call, fate)),
    );
    await settlement.alongside?.(transaction);
    return fates;
  });
  for (const call of swept) context.onCall?.(call);
  await relayLater(context, messages);
  return swept;
}

function fatesOf(decided: readonly Decided[], overtaken: readonly Closing[]): SweptCall[] {
  const late = new Set(overtaken.map(({ call }) => call));
  return decided.map((each) =>
    sweptCall(each.call, { ...each, outcome: outcomeOf(each, late.has(each.call)) }),
  );
}

function outcomeOf({ decision, liveness }: Decided, isOvertaken: boolean): SweptCall['outcome'] {
  if (decision.do === 'end') return isOvertaken ? 'overtaken' : 'ended';
  // By time alone a suspect is ended or it is none, so what is kept was asked about.
  return liveness === 'alive' ? 'alive' : 'unknown';
}

async function fail(
  context: SweepContext,
  settlement: Settlement,
  decided: Decided,
  error: unknown,
): Promise<SweptCall> {
  const detail = error instanceof Error ? error.message : String(error);
  const swept = sweptCall(decided.call, { ...decided, detail, outcome: 'failed' });
  try {
    await context.database.run(async (transaction) => {
      await fenceWorkLease(transaction, settlement.lease);
      await storeRunCalls(transaction, settlement, runCallOf(decided.call, swept));
    });
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    context.logger.warn(
      { err: cause, call: decided.call.call },
      'what failed could not be written down either',
    );
  }
  context.onCall?.(swept);
  return swept;
}

/** Classes of SQLSTATE that say nothing about the rows: connection, transaction state, rollback, resources, operator. */
const passing = new Set(['08', '25', '40', '53', '55', '57', '58', 'XX']);

/** The database has understood and said no: it would say the same again. */
function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !passing.has(code.slice(0, 2));
}
