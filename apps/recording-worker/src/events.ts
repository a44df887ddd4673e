import type { ClaimedRecording, FetchOutcome, NextStep, RecordingCounts } from '@trunkline/recordings';
import { defineMetrics, type Logger, type Metrics } from '@trunkline/service-kit';

export interface Fetched {
  readonly outcome: FetchOutcome;
  readonly seconds: number;
  readonly bytes: number;
  /** null where it was stored. */
  readonly step: NextStep | null;
}

export interface RecordingEvents {
  fetched(claimed: ClaimedRecording, fetched: Fetched): void;
  /** Somebody else had it by the time it was to be settled. */
  overtaken(claimed: ClaimedRecording): void;
  expired(recordings: number): void;
  removed(files: number): void;
  counted(counts: RecordingCounts): void;
}

/** What the worker tells of itself. Never the PBX's name of a recording: it mostly holds phone numbers. */
export function createEvents(metrics: Metrics, logger: Logger): RecordingEvents {
  const measured = metrics.make(recordingCatalogue);
  return {
    fetched({ id, pbx, tenant, attempts }, { outcome, seconds, bytes, step }) {
      measured.fetches.inc({ outcome: outcome.kind });
      measured.seconds.observe(seconds);
      const fields = { recording: id, pbx, tenant, attempts };
      if (outcome.kind === 'stored') {
        measured.bytes.inc(bytes);
        logger.debug({ ...fields, bytes }, 'a recording was stored');
      } else if (step?.kind === 'give-up') {
        measured.givenUp.inc();
        logger.warn({ ...fields, problem: outcome.problem }, 'a recording was given up');
      } else logger.info({ ...fields, problem: outcome.problem }, 'a recording is fetched again later');
    },
    overtaken({ id }) {
      measured.fetches.inc({ outcome: 'overtaken' });
      logger.info({ recording: id }, 'a recording was settled by somebody else meanwhile');
    },
    expired(recordings) {
      measured.deleted.inc(recordings);
      if (recordings > 0)
        logger.info({ recordings }, 'recordings were deleted that are older than they are kept');
    },
    removed(files) {
      if (files > 0) logger.info({ files }, 'files of deleted recordings were removed');
    },
    counted({ pending, oldestSeconds }) {
      measured.pending.set(pending);
      measured.oldest.set(oldestSeconds);
    },
  };
}

export const recordingCatalogue = defineMetrics({
  fetches: {
    kind: 'counter',
    name: 'trunkline_recording_fetches_total',
    help: 'Attempts to fetch a recording, by how they went.',
    labels: { outcome: ['stored', 'later', 'broken', 'missing', 'hopeless', 'overtaken'] },
  },
  seconds: {
    kind: 'histogram',
    name: 'trunkline_recording_fetch_seconds',
    help: 'How long attempts took.',
  },
  bytes: {
    kind: 'counter',
    name: 'trunkline_recording_stored_bytes_total',
    help: 'Bytes of sound that were stored.',
  },
  givenUp: {
    kind: 'counter',
    name: 'trunkline_recording_given_up_total',
    help: 'Recordings that could not be had.',
  },
  deleted: {
    kind: 'counter',
    name: 'trunkline_recording_expired_total',
    help: 'Recordings that were deleted because they were older than their tenant keeps them.',
  },
  pending: {
    kind: 'gauge',
    name: 'trunkline_recording_pending',
    help: 'Recordings whose sound is still to be fetched.',
  },
  oldest: {
    kind: 'gauge',
    name: 'trunkline_recording_oldest_due_seconds',
    help: 'How long the recording that is due longest has waited for its turn.',
  },
});
