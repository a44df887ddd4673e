import { Table, type Column } from '../../ops/table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { lettersCopy as copy } from './copy.ts';
import type { LetterGroup } from './group-letters.ts';

interface GroupTableProps {
  readonly groups: readonly LetterGroup[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

/** The kinds of errors; pressing one shows its letters only. */
export function GroupTable({ groups, chosen, onChoose }: GroupTableProps) {
  const columns: readonly Column<LetterGroup>[] = [
    {
      title: copy.columns.count,
      isPlain: true,
      align: 'end',
      cell: ({ count }) => count.toLocaleString('en'),
    },
    {
      title: copy.columns.error,
      isPlain: true,
      wraps: true,
      cell: ({ key }) => (
        <button
          type="button"
          data-open
          aria-pressed={key === chosen}
          onClick={() => onChoose(key === chosen ? '' : key)}
        >
          {key}
        </button>
      ),
    },
    { title: copy.columns.newest, cell: ({ newestAt }) => <Moment at={newestAt} as="ago" /> },
    { title: copy.worker, isExtra: true, cell: ({ workers }) => workers.join(', ') },
    { title: copy.columns.pbx, isExtra: true, cell: ({ pbxs }) => pbxs.join(', ') },
  ];
  return (
    <Table
      label={copy.groups}
      columns={columns}
      rows={groups.filter(({ key }) => chosen === '' || key === chosen)}
      keyOf={({ key }) => key}
    />
  );
}
