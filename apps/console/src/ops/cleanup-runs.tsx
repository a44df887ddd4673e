import { Link } from 'wouter';
import type { CleanupRun } from '../api/answers.ts';
import { Countdown } from '../links/countdown.tsx';
import { Moment } from '../ui/moment.tsx';
import { opsStyles } from './ops-page.tsx';
import { countsOf, kindText, stageOf, tookText, whyText } from './run-words.ts';
import { Table, type Column } from './table.tsx';

const number = (count: number | null) => (count === null ? '—' : count.toLocaleString('en'));

const columns: readonly Column<CleanupRun>[] = [
  {
    title: 'When',
    isPlain: true,
    cell: ({ id, startedAt }) => (
      <Link href={`/ops/cleanup/${id}`} data-open>
        <Moment at={startedAt} isPlain />
      </Link>
    ),
  },
  {
    title: 'PBX',
    isPlain: true,
    cell: ({ pbx, pbxName }) => pbxName ?? (pbx === null ? 'All PBXs' : pbx.slice(0, 8)),
  },
  { title: 'After', isPlain: true, cell: ({ kind }) => kindText(kind) },
  { title: 'Reason', wraps: true, isExtra: true, cell: whyText },
  { title: 'Extensions reset', align: 'end', cell: (run) => number(countsOf(run).extensions) },
  { title: 'Calls ended', align: 'end', cell: (run) => number(countsOf(run).ended) },
  { title: 'Revived', align: 'end', cell: (run) => number(countsOf(run).revived) },
  { title: 'Took', align: 'end', cell: (run) => <Took run={run} /> },
];

function Took({ run }: { readonly run: CleanupRun }) {
  switch (stageOf(run)) {
    case 'spared':
      return 'Back in time, nothing done';
    case 'waiting':
      return run.dueAt === null ? (
        '—'
      ) : (
        <>
          Grace ends <Countdown to={run.dueAt} />
        </>
      );
    case 'running':
      return 'Running…';
    case 'done':
    default:
      return tookText(run);
  }
}

interface CleanupRunsProps {
  readonly runs: readonly CleanupRun[];
  readonly withPbx?: boolean;
  readonly hasKeys?: boolean;
}

export const CleanupRuns = ({ runs, withPbx = true, hasKeys = false }: CleanupRunsProps) =>
  runs.length === 0 ? (
    <p className={opsStyles.quiet}>
      No cleanup run yet. There is one after each lost link, snapshot and sweep.
    </p>
  ) : (
    <Table
      label="Cleanup runs"
      columns={withPbx ? columns : columns.filter(({ title }) => title !== 'PBX')}
      rows={runs}
      keyOf={({ id }) => id}
      hasKeys={hasKeys}
    />
  );
