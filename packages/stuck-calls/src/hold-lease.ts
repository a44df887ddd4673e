import { takeWorkLease, WorkLeaseLostError, type Database, type WorkLease } from '@trunkline/database';
import { sleep } from '@trunkline/service-kit';

export interface HeldLease extends AsyncDisposable {
  /** Aborts when somebody else has taken over. */
  readonly signal: AbortSignal;
}

/** Renewals within a lease: two may fail before it runs out. */
const renewals = 3;

/**
 * Holds a lease by renewing it until disposed; it is not given back then, since others may go on with the same work. Null
 * where somebody else holds it. A renewal that fails is left to the next one: whoever writes fences by the row itself.
 */
export async function holdLease(
  database: Database,
  lease: WorkLease,
  leaseMs: number,
): Promise<HeldLease | null> {
  const take = () => database.run((transaction) => takeWorkLease(transaction, lease, leaseMs));
  if (!(await take())) return null;
  const lost = new AbortController();
  const done = new AbortController();

  async function renew(): Promise<void> {
    for (;;) {
      await sleep(leaseMs / renewals, done.signal).catch(() => undefined);
      if (done.signal.aborted) return;
      const held = await take().catch(() => true);
      if (held) continue;
      lost.abort(new WorkLeaseLostError(`somebody else has taken over the work "${lease.name}"`));
      return;
    }
  }

  const renewing = renew();
  return {
    signal: lost.signal,
    async [Symbol.asyncDispose]() {
      done.abort();
      await renewing;
    },
  };
}
