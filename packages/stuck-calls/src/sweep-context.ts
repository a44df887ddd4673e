import type { Database, OutboxMessage, WorkLease } from '@trunkline/database';
import type { StuckCallLimits } from '@trunkline/domain';
import type { Logger } from '@trunkline/service-kit';
import type { SweepRequest } from './sweep-request.ts';
import type { SweptCall } from './sweep-report.ts';
import type { Ask, VerifyBounds } from './verify.ts';

/** What a sweep works with. */
export interface SweepContext {
  readonly database: Database;
  readonly ask: Ask;
  /** Takes committed messages to the screens. What it does not take, the outbox's janitor does. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly logger: Logger;
  /** Hears of each call when what became of it has been committed. */
  readonly onCall?: (swept: SweptCall) => void;
  readonly bounds?: Partial<SweepBounds>;
}

export interface SweepBounds extends VerifyBounds {
  /** Calls that are looked at, asked about and settled together. */
  readonly batchCallsMax: number;
  /** Batches of one sweep; what is beyond is left to the next one. */
  readonly batchesMax: number;
  /** Calls that spoke again and are told of in one sweep. */
  readonly reopenedMax: number;
  /** A sweep that nobody has worked on for so long is over, and another one may begin. */
  readonly leaseMs: number;
  /** What became of single calls is kept for so long. */
  readonly detailsKeptMs: number;
  /** And forgotten so many at a time, once a sweep. */
  readonly detailsPrunedMax: number;
}

export const sweepBounds: SweepBounds = {
  parallelMax: 32,
  parallelPerPbxMax: 4,
  batchCallsMax: 100,
  batchesMax: 1_000,
  reopenedMax: 1_000,
  leaseMs: 30_000,
  detailsKeptMs: 90 * 24 * 60 * 60_000,
  detailsPrunedMax: 10_000,
};

export const boundsOf = ({ bounds }: Pick<SweepContext, 'bounds'>): SweepBounds => ({
  ...sweepBounds,
  ...bounds,
});

/** One sweep as everybody who works on it knows it. */
export interface SweepWork {
  readonly sweep: string;
  readonly request: SweepRequest;
  readonly limits: StuckCallLimits;
}

/** The work that one sweep alone may do. A dry run changes nothing and needs no leave. */
export const leaseOf = ({ sweep }: Pick<SweepWork, 'sweep'>): WorkLease => ({
  name: 'stuck-call-sweep',
  holder: sweep,
});

export async function relayLater(
  { relay, logger }: Pick<SweepContext, 'relay' | 'logger'>,
  messages: readonly OutboxMessage[],
): Promise<void> {
  try {
    await relay(messages);
  } catch (error) {
    logger.warn({ err: error }, 'what was committed could not be relayed; the janitor of the outbox will');
  }
}
