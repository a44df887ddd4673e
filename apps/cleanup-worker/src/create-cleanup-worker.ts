import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createIngestWorker, ingestGroups, type IngestContext, type IngestExtras } from '@trunkline/ingest';
import { repeat, type Settings } from '@trunkline/service-kit';
import { createDueCleanups } from './due-cleanups.ts';
import { createCleanupEvents } from './events.ts';
import { createHousekeeping } from './housekeeping.ts';
import { measureLinks } from './links-metrics.ts';
import type { cleanupSettings } from './settings.ts';

export interface CleanupContext extends IngestContext {
  readonly settings: Pick<Settings<typeof cleanupSettings>, 'stores' | 'feed' | 'cleanup' | 'housekeeping'>;
}

export interface CleanupWorker {
  start(): Promise<void>;
  /** Finishes what is in hand. May be called twice. */
  stop(): Promise<void>;
}

/** Trimming a large backlog takes its time; a loop that is silent for longer is stuck. */
const loopSilenceMs = 180_000;

/** How often is looked whether a task is due, where its own interval is longer. */
const attendEveryMsMax = 5_000;

/**
 * One replica: applies what is said of links, cleans up after those that did not come back within the grace period, and
 * keeps house. Any number of them run side by side.
 */
export function createCleanupWorker(
  context: CleanupContext,
  extras: Pick<IngestExtras, 'tuning'> = {},
): CleanupWorker {
  const { settings, database, redis, logger, metrics, health } = context;
  const events = createCleanupEvents(logger, metrics);
  const worker = createIngestWorker(context, ingestGroups.cleanup, {
    ...extras,
    graceMs: settings.cleanup.graceMs,
    onApplied: ({ cleanups }) => cleanups.forEach((cleanup) => events.cleanedUp(cleanup)),
  });
  const { deliver } = worker;
  const replica = `${context.replica ?? hostname()}/${randomUUID().slice(0, 8)}`;
  const cleanUpDue = createDueCleanups({ database, deliver, events, logger });
  const house = createHousekeeping({ settings, database, redis, deliver, logger, metrics, replica });
  const stopping = new AbortController();
  const loops: Promise<void>[] = [];

  function loop(name: string, everyMs: number, work: () => Promise<void>): void {
    const beat = health?.progress(name, { silenceMsMax: loopSilenceMs });
    const { signal } = stopping;
    loops.push(repeat(work, { name, everyMs, logger, signal, beat }).finally(() => beat?.end()));
  }

  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    stopping.abort();
    await house.stop();
    await Promise.all(loops);
    await worker.stop();
  }

  return {
    async start() {
      await worker.start();
      measureLinks({ metrics, database });
      loop('cleanup after the grace period', settings.cleanup.dueEveryMs, cleanUpDue);
      for (const task of house.tasks) {
        const everyMs = Math.min(task.everyMs, attendEveryMsMax);
        loop(`housekeeping: ${task.name}`, everyMs, () => house.attend(task));
      }
    },
    stop: () => (stopped ??= stop()),
  };
}
