import type { ChunkCounts, ContactImport, ImportCounts } from '@trunkline/contacts';
import { defineMetrics, type Logger, type Metrics } from '@trunkline/service-kit';

export interface ImportEvents {
  begun(id: string): void;
  chunk(counts: ChunkCounts): void;
  /** It came to its end, or another replica is at it. */
  left(known: ContactImport): void;
  disturbed(id: string | undefined, error: Error): void;
  repaired(jobs: number): void;
  gaveUp(id: string, reason: string | undefined): void;
  forgotten(imports: number): void;
  counted(counts: ImportCounts): void;
}

/** What the worker tells of itself: one function an event, which counts with few labels and logs the detail. Never a name or a number. */
export function createEvents(metrics: Metrics, logger: Logger): ImportEvents {
  const measured = metrics.make(importCatalogue);
  return {
    begun: (id) => logger.info({ import: id }, 'an import goes on'),
    chunk(counts) {
      for (const [outcome, rows] of Object.entries(counts)) measured.rows.inc({ outcome }, rows);
    },
    left(known) {
      const { id, tenant, state, rowsDone, created, updated, unchanged, skipped, rejected } = known;
      const fields = { import: id, tenant, rows: rowsDone, created, updated, unchanged, skipped, rejected };
      if (known.finishedAt === null) {
        logger.info(fields, 'an import is left to another worker');
        return;
      }
      measured.imports.inc({ outcome: state });
      logger.info({ ...fields, state, problem: known.problem }, 'an import has ended');
    },
    disturbed: (id, error) =>
      logger.warn({ err: error, import: id }, 'an import was disturbed; it goes on behind its last chunk'),
    repaired(jobs) {
      measured.repaired.inc(jobs);
      logger.info({ imports: jobs }, 'imports had no job and got one');
    },
    gaveUp(id, reason) {
      measured.imports.inc({ outcome: 'failed' });
      logger.error(
        { import: id, reason },
        'an import was given up, since workers failed at it without a step',
      );
    },
    forgotten(imports) {
      measured.forgotten.inc(imports);
      if (imports > 0) logger.info({ imports }, 'old imports were forgotten with their files');
    },
    counted({ waiting, running, oldestWaitingSeconds }) {
      measured.open.set({ state: 'waiting' }, waiting);
      measured.open.set({ state: 'running' }, running);
      measured.oldest.set(oldestWaitingSeconds);
    },
  };
}

export const importCatalogue = defineMetrics({
  rows: {
    kind: 'counter',
    name: 'trunkline_import_rows_total',
    help: 'Rows of imports that were committed, by what became of them.',
    labels: { outcome: ['created', 'updated', 'unchanged', 'skipped', 'rejected'] },
  },
  imports: {
    kind: 'counter',
    name: 'trunkline_imports_total',
    help: 'Imports that came to an end, by how.',
    labels: { outcome: ['complete', 'failed', 'cancelled'] },
  },
  repaired: {
    kind: 'counter',
    name: 'trunkline_import_jobs_repaired_total',
    help: 'Imports that had lost their jobs, or never got one.',
  },
  forgotten: {
    kind: 'counter',
    name: 'trunkline_imports_forgotten_total',
    help: 'Imports that were forgotten with their files.',
  },
  open: {
    kind: 'gauge',
    name: 'trunkline_imports_open',
    help: 'Imports that have not ended, by state. Of the whole installation.',
    labels: { state: ['waiting', 'running'] },
  },
  oldest: {
    kind: 'gauge',
    name: 'trunkline_import_oldest_waiting_seconds',
    help: 'How long the oldest import that nobody has begun has waited.',
  },
});
