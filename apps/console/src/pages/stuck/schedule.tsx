import { Link } from 'wouter';
import type { CleanupRun } from '../../api/answers.ts';
import { useResource, type PageOf } from '../../api/use-api.ts';
import { Countdown } from '../../links/countdown.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { Facts, Outcome, Panel, Section } from '../../ops/ops-page.tsx';
import { elapsedSpoken } from '../../time/elapsed.ts';
import { Moment } from '../../ui/moment.tsx';
import { stuckCopy as copy } from './copy.ts';
import { useSchedule } from './use-schedule.ts';

const askMs = 15_000;

/** The sweeps that are made without anybody asking. */
export function Schedule() {
  const schedule = useSchedule();
  const last = useResource<PageOf<CleanupRun>>('/v1/cleanup-runs', {
    query: { kind: 'sweep', limit: 1 },
    everyMs: askMs,
  });
  const run = last.data?.items[0];
  return (
    <Section title={copy.schedule}>
      <Loaded from={schedule} what="the schedule" rows={1}>
        {({ scheduled, everyMs, cron, nextAt, verify, lastAt, lastFailed, skippedAt }) =>
          scheduled ? (
            <Panel>
              <Facts
                facts={[
                  [copy.every, everyMs === null ? cron : elapsedSpoken(everyMs)],
                  [
                    copy.last,
                    lastAt === null ? null : (
                      <span key="last">
                        <Moment at={lastAt} /> {lastFailed === true && copy.lastFailed}
                      </span>
                    ),
                  ],
                  ...(skippedAt === null
                    ? []
                    : [[copy.skipped, <Moment key="skipped" at={skippedAt} />] as const]),
                  [copy.next, nextAt === null ? null : <Countdown key="next" to={nextAt} withClock />],
                  [copy.asks, verify === null ? null : verify ? copy.yes : copy.no],
                  [
                    copy.lastRun,
                    run === undefined ? (
                      last.data === undefined ? null : (
                        copy.neverRun
                      )
                    ) : (
                      <Link key="run" href={`/ops/cleanup/${run.id}`}>
                        <Moment at={run.startedAt} isPlain />
                      </Link>
                    ),
                  ],
                ]}
              />
            </Panel>
          ) : (
            <Outcome tone="danger">{copy.unscheduled}</Outcome>
          )
        }
      </Loaded>
    </Section>
  );
}
