import type { LetterGroup } from '../../api/answers.ts';
import { Table, type Column } from '../../ops/table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { lettersCopy as copy } from './copy.ts';

interface GroupTableProps {
  readonly groups: readonly LetterGroup[];
  readonly chosen: string;
  readonly onChoose: (error: string) => void;
}

/** The kinds of errors; pressing one shows its letters only, pressing it again all of them. */
export function GroupTable({ groups, chosen, onChoose }: GroupTableProps) {
  const columns: readonly Column<LetterGroup>[] = [
    {
      title: copy.columns.error,
      isPlain: true,
      wraps: true,
      cell: ({ error }) => (
        <button
          type="button"
          data-open
          aria-pressed={error === chosen}
          onClick={() => onChoose(error === chosen ? '' : error)}
        >
          {error}
        </button>
      ),
    },
    { title: copy.columns.count, align: 'end', cell: ({ count }) => count.toLocaleString('en') },
    { title: copy.columns.newest, cell: ({ newestAt }) => <Moment at={newestAt} as="ago" /> },
    { title: copy.columns.oldest, isExtra: true, cell: ({ oldestAt }) => <Moment at={oldestAt} as="ago" /> },
    { title: copy.columns.type, isExtra: true, cell: ({ type }) => type ?? '—' },
    { title: copy.worker, isExtra: true, cell: ({ group }) => group },
    { title: copy.columns.pbxs, align: 'end', isExtra: true, cell: ({ pbxs }) => pbxs },
  ];
  return (
    <Table
      label={copy.groups}
      columns={columns}
      rows={groups.filter(({ error }) => chosen === '' || error === chosen)}
      keyOf={({ error, group, type }) => `${group} ${type} ${error}`}
    />
  );
}
