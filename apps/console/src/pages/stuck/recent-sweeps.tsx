import { Link } from 'wouter';
import type { FinishedSweep } from '../../api/answers.ts';
import { useResource } from '../../api/use-api.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Section, opsStyles } from '../../ops/ops-page.tsx';
import { reportText } from '../../ops/sweep-words.ts';
import { Table, type Column } from '../../ops/table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { stuckCopy as copy } from './copy.ts';

const shownMax = 10;
const askMs = 5_000;

const columns: readonly Column<FinishedSweep>[] = [
  {
    title: copy.recentColumns.when,
    isPlain: true,
    cell: ({ id, finishedAt }) => (
      <Link href={`/ops/stuck?sweep=${id}`} data-open>
        <Moment at={finishedAt} isPlain />
      </Link>
    ),
  },
  {
    title: copy.recentColumns.kind,
    isPlain: true,
    cell: ({ request: { dryRun, verify } }) =>
      `${dryRun ? copy.kinds.dry : copy.kinds.real}${verify ? '' : ` · ${copy.kinds.plain.toLowerCase()}`}`,
  },
  { title: copy.recentColumns.by, cell: ({ request }) => request.by },
  {
    title: copy.recentColumns.result,
    isPlain: true,
    wraps: true,
    cell: ({ report, problem }) => (report === null ? problem : reportText(report)),
  },
];

/** What people asked for; the address of one shows a colleague the same. */
export function RecentSweeps() {
  const recent = useResource<{ readonly items: readonly FinishedSweep[] }>('/v1/sweeps', { everyMs: askMs });
  return (
    <Section title={copy.recent}>
      <Loaded from={recent} what="the sweeps" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={opsStyles.quiet}>{copy.recentNone}</p>
          ) : (
            <Table
              label={copy.recent}
              columns={columns}
              rows={items.slice(0, shownMax)}
              keyOf={({ id }) => id}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
