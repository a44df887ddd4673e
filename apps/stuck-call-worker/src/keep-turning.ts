import { releaseWorkLease, type Database, type WorkLease } from '@trunkline/database';
import { sleep, type Logger } from '@trunkline/service-kit';
import { holdLease } from '@trunkline/stuck-calls';
import type { Turns } from '@trunkline/worker-kit';

export interface TurningWork extends Turns {
  readonly database: Database;
  /** One replica does it, whoever holds this. */
  readonly lease: WorkLease;
  readonly leaseMs: number;
  readonly logger: Logger;
  readonly work: (signal: AbortSignal) => Promise<void>;
  /** This turn is somebody else's. */
  readonly onIdle?: () => void;
}

/**
 * Does some work again and again, in one replica at a time: each tries to take the lease at each of its turns, so that
 * another one goes on within a lease when it dies. A turn that fails is logged, and the next one tries again.
 */
export async function keepTurning(turning: TurningWork): Promise<void> {
  const { database, lease, everyMs, logger, signal, beat } = turning;
  while (!signal.aborted) {
    beat?.();
    try {
      await turn(turning);
    } catch (error) {
      if (!signal.aborted)
        logger.warn({ err: error, work: lease.name }, 'a turn failed; the next one tries again');
    }
    await sleep(everyMs, signal).catch(() => undefined);
  }
  await database.run((transaction) => releaseWorkLease(transaction, lease)).catch(() => undefined);
}

async function turn({ database, lease, leaseMs, signal, work, onIdle }: TurningWork): Promise<void> {
  await using held = await holdLease(database, lease, leaseMs);
  if (held === null) onIdle?.();
  else await work(AbortSignal.any([held.signal, signal]));
}
