import type { Database } from '@trunkline/database';
import { withDeadline } from '@trunkline/service-kit';

export interface RunsUnderWay extends Pick<Database, 'run'> {
  /** Resolves when nothing is under way any more, or `withinMs` have passed. */
  settled(withinMs: number): Promise<void>;
}

/** The database's door of services, watched: a pool that is closed under a transaction that just begins is never empty. */
export function watchRuns(database: Pick<Database, 'run'>): RunsUnderWay {
  const underWay = new Set<Promise<unknown>>();
  return {
    run(work) {
      const running = database.run(work);
      const settled: Promise<unknown> = running
        .catch(() => undefined)
        .finally(() => underWay.delete(settled));
      underWay.add(settled);
      return running;
    },
    async settled(withinMs) {
      const empty = async (): Promise<void> => {
        while (underWay.size > 0) await Promise.all(underWay);
      };
      await withDeadline(empty(), withinMs, 'the last questions to the database').catch(() => undefined);
    },
  };
}
