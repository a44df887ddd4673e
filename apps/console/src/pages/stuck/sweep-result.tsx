import type { SweepReport, SweptCall } from '../../api/answers.ts';
import { Countdown } from '../../links/countdown.tsx';
import { usePbxNames } from '../../links/use-pbxs.ts';
import { Outcome, Section, opsStyles } from '../../ops/ops-page.tsx';
import {
  groupOutcomes,
  livenessText,
  outcomeText,
  reportText,
  suspicionText,
} from '../../ops/sweep-words.ts';
import { Table, type Column } from '../../ops/table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Link } from 'wouter';
import { stuckCopy as copy } from './copy.ts';
import { useSchedule } from './use-schedule.ts';

/** Row by row what would become, or became, of each call; failures first. */
export function SweepResult({
  report,
  tools,
}: {
  readonly report: SweepReport;
  readonly tools: React.ReactNode;
}) {
  const nameOf = usePbxNames();
  const { data: schedule } = useSchedule();
  const hasFailed = (report.counts['failed'] ?? 0) > 0 || report.failedBatches > 0;
  return (
    <Section title={report.dryRun ? copy.result.dry : copy.result.real} tools={tools}>
      <Outcome tone={hasFailed ? 'danger' : report.dryRun || report.state !== 'done' ? 'plain' : 'ok'}>
        {reportText(report)}
      </Outcome>
      {!report.verify && report.dryRun && <Outcome tone="danger">{copy.plainWarning}</Outcome>}
      {report.failedBatches > 0 && <p>{copy.failedBatches(report.failedBatches)}</p>}
      {groupOutcomes(report.calls).map(({ outcome, calls }) => (
        <div key={outcome} className={opsStyles.section}>
          <h3>
            {outcomeText(outcome)} <span className={opsStyles.quiet}>{calls.length}</span>
          </h3>
          <Table
            label={outcomeText(outcome)}
            columns={columnsOf(nameOf, outcome === 'unknown' ? (schedule?.nextAt ?? null) : null)}
            rows={calls}
            keyOf={({ pbx, call }) => `${pbx}/${call}`}
            toneOf={() => (outcome === 'failed' ? 'danger' : undefined)}
          />
        </div>
      ))}
      {report.callsOmitted > 0 && <p className={opsStyles.quiet}>{copy.omitted(report.callsOmitted)}</p>}
    </Section>
  );
}

/** Whoever could not be asked about is looked at again by the next sweep that is made by itself. */
const nextLook = (nextAt: string): Column<SweptCall> => ({
  title: copy.columns.next,
  cell: () => <Countdown to={nextAt} withClock />,
});

const columnsOf = (nameOf: (pbx: string) => string, nextAt: string | null): readonly Column<SweptCall>[] => [
  {
    title: copy.columns.call,
    isPlain: true,
    wraps: true,
    cell: ({ pbx, call }) => (
      <Link href={`/calls/${pbx}/${encodeURIComponent(call)}`} className={opsStyles.mono} data-open>
        {call}
      </Link>
    ),
  },
  {
    title: copy.columns.said,
    cell: ({ liveness, unknownTimes }) => livenessText(liveness, unknownTimes),
  },
  ...(nextAt === null ? [] : [nextLook(nextAt)]),
  { title: copy.columns.pbx, isExtra: true, cell: ({ pbx }) => nameOf(pbx) },
  { title: copy.columns.phones, cell: ({ extensions }) => extensions.join(', ') },
  {
    title: copy.columns.answered,
    cell: ({ answeredAt }) => (answeredAt === null ? copy.unanswered : <Moment at={answeredAt} />),
  },
  {
    title: copy.columns.age,
    align: 'end',
    cell: ({ answeredAt, startedAt }) => <Moment at={answeredAt ?? startedAt} as="elapsed" />,
  },
  {
    title: copy.columns.verified,
    isExtra: true,
    cell: ({ verifiedAt, seenAt }) => <Moment at={verifiedAt ?? seenAt} as="ago" />,
  },
  { title: copy.columns.why, cell: ({ why }) => suspicionText(why) },
  { title: copy.columns.detail, wraps: true, isExtra: true, cell: ({ detail }) => detail ?? '' },
];
