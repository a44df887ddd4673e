import type { Cleanup } from '@trunkline/database';
import { assertNever, type Logger, type Metrics } from '@trunkline/service-kit';
import { cleanupCatalogue } from './metrics-catalogue.ts';

export interface CleanupEvents {
  /** Something was cleaned up and has committed. */
  cleanedUp(cleanup: Cleanup): void;
}

/** What this worker tells of cleanups, in lines that say what an operator wants to know and in numbers. */
export function createCleanupEvents(logger: Logger, metrics: Metrics): CleanupEvents {
  const { runs, calls, extensions } = metrics.make(cleanupCatalogue);

  function countRun({ kind, counts }: Cleanup): void {
    runs.inc({ kind });
    calls.inc({ kind, what: 'ended' }, counts['callsEnded'] ?? 0);
    calls.inc({ kind, what: 'reopened' }, counts['callsReopened'] ?? 0);
    extensions.inc({ kind }, counts['extensionsReset'] ?? counts['extensionsSettled'] ?? 0);
  }

  function tell(cleanup: Cleanup): void {
    const { pbx, version, cause, reason, counts } = cleanup;
    const log = logger.child({ pbx, version: String(version), cause });
    switch (cleanup.kind) {
      case 'disconnect':
        log.warn({ reason }, 'PBX disconnected: cleaning up active call states and extension statuses');
        log.info(`reset ${counts['extensionsReset']} extensions to online`);
        log.info(`marked ${counts['callsEnded']} active calls as ended`);
        log.info('cleanup complete - ready for reconnection');
        return;
      case 'reconcile':
        log.info({ counts }, reconciledLine(counts));
        return;
      default:
        assertNever(cleanup.kind, 'kind of cleanup');
    }
  }

  return {
    cleanedUp(cleanup) {
      countRun(cleanup);
      tell(cleanup);
    },
  };
}

const reconciledLine = (counts: Cleanup['counts']): string =>
  `reconciled with a snapshot: ${counts['callsReopened']} calls reopened, ${counts['callsEnded']} ended, ` +
  `${counts['callsUnchanged']} unchanged`;
