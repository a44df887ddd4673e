import { defineMetrics, type Logger, type Metrics } from '@trunkline/service-kit';
import type { DoubleBookingLook, SweepReport, SweptCall } from '@trunkline/stuck-calls';

export interface WorkerEvents {
  callSwept(swept: SweptCall): void;
  sweepOver(report: SweepReport, seconds: number): void;
  sweepFailed(error: Error): void;
  looked(look: DoubleBookingLook): void;
  /** This replica looks for double bookings no more; another one tells how many there are. */
  lookedAway(): void;
  scheduled(what: string): void;
}

export const sweepCatalogue = defineMetrics({
  calls: {
    kind: 'counter',
    name: 'trunkline_stuck_calls_total',
    help: 'Calls that were taken for stuck, by what became of them.',
    labels: { outcome: 'ended, verified, left, failed, reopened and the like' },
  },
  sweeps: {
    kind: 'counter',
    name: 'trunkline_sweeps_total',
    help: 'Sweeps, by how they went; busy ones did nothing because another one was under way.',
    labels: { state: ['done', 'busy', 'overtaken', 'failed'] },
  },
  seconds: {
    kind: 'histogram',
    name: 'trunkline_sweep_seconds',
    help: 'How long sweeps took.',
  },
  lastDone: {
    kind: 'gauge',
    name: 'trunkline_sweep_last_done_timestamp_seconds',
    help: 'When the last sweep was done that this replica brought to its end; 0 before its first.',
  },
  doubles: {
    kind: 'gauge',
    name: 'trunkline_double_bookings',
    help: 'Phones that are shown in several open calls, as the replica sees it that looks.',
  },
  checks: {
    kind: 'counter',
    name: 'trunkline_double_bookings_checked_total',
    help: 'Double bookings about which the PBX was asked, by its answer.',
    labels: { answer: ['gone', 'alive', 'unknown'] },
  },
  repairs: {
    kind: 'counter',
    name: 'trunkline_sweep_schedule_repairs_total',
    help: 'How often the schedule was made, changed or repaired.',
  },
});

/** What the worker tells of itself: one function an event, which counts with few labels and logs the detail. */
export function createEvents(metrics: Metrics, logger: Logger): WorkerEvents {
  const { calls, sweeps, seconds, lastDone, doubles, checks, repairs } = metrics.make(sweepCatalogue);

  return {
    callSwept(swept) {
      calls.inc({ outcome: swept.outcome });
      logCall(logger, swept);
    },
    sweepOver(report, took) {
      const { sweep, state, counts, dryRun, failedBatches, more } = report;
      sweeps.inc({ state });
      if (state === 'done') {
        seconds.observe(took);
        lastDone.setToCurrentTime();
      }
      logger.info({ sweep, state, counts, dryRun, failedBatches, more }, messageOf(report));
    },
    sweepFailed(error) {
      sweeps.inc({ state: 'failed' });
      logger.error({ err: error }, 'a sweep failed; the next one makes up for it');
    },
    looked({ total, checked }) {
      doubles.set(total);
      for (const booking of checked) {
        const answer = answerOf(booking.calls);
        checks.inc({ answer });
        logger[answer === 'unknown' ? 'warn' : 'info'](
          { ...booking, answer },
          `Extension ${booking.extension} is shown in ${booking.calls.length} open calls: ${answers[answer]}`,
        );
      }
    },
    lookedAway: () => doubles.set(0),
    scheduled(what) {
      repairs.inc();
      logger.info(`the schedule of sweeps ${what}`);
    },
  };
}

const answers = {
  gone: 'one that is gone has been ended',
  alive: 'all of them are alive (a call waits or is on hold)',
  unknown: 'the PBX could not be asked about all of them',
} as const;

function answerOf(calls: readonly { readonly liveness: keyof typeof answers }[]): keyof typeof answers {
  const said = new Set(calls.map(({ liveness }) => liveness));
  if (said.has('gone')) return 'gone';
  return said.has('unknown') ? 'unknown' : 'alive';
}

function messageOf({ state, counts }: SweepReport): string {
  if (state === 'busy') return 'no sweep was made: another one is under way';
  if (state === 'overtaken') return 'a sweep was given up: another one has taken over';
  return `a sweep found ${counts.found} calls and ended ${counts.ended}`;
}

/** What a sweep did is told a call; what it left as it was only to whoever debugs. */
function logCall(logger: Logger, swept: SweptCall): void {
  const { pbx, call, was, why, liveness, outcome, detail } = swept;
  const minutes = Math.floor((swept.seenAt - (swept.answeredAt ?? swept.startedAt)) / 60_000);
  const fields = { pbx, call, was, why, liveness, outcome, minutes, ...(detail !== null && { detail }) };
  if (outcome === 'ended') logger.info(fields, `Stuck call cleaned up: ${was} for ${minutes} min (${call})`);
  else if (outcome === 'failed') logger.error(fields, `Failed to clean up stuck call (${call}): ${detail}`);
  else if (outcome === 'reopened') {
    logger.warn(fields, `A call that a sweep had ended speaks again and is open again (${call})`);
  } else logger.debug(fields, `A call that looked stuck was left as it is (${call})`);
}
