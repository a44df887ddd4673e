import type { DeadLetter } from '../../api/answers.ts';
import { opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { lettersCopy as copy } from './copy.ts';

interface LetterTableProps {
  readonly letters: readonly DeadLetter[];
  readonly selected: ReadonlySet<string>;
  /** Null: they can't be selected. */
  readonly onSelect: ((id: string, isRange: boolean) => void) | null;
  readonly onOpen: (id: string) => void;
}

export function LetterTable({ letters, selected, onSelect, onOpen }: LetterTableProps) {
  const select: Column<DeadLetter>[] =
    onSelect === null
      ? []
      : [
          {
            title: copy.columns.select,
            isPlain: true,
            cell: ({ id, type }) => (
              <input
                type="checkbox"
                aria-label={copy.selectOne(type)}
                checked={selected.has(id)}
                onChange={(event) => onSelect(id, (event.nativeEvent as MouseEvent).shiftKey)}
              />
            ),
          },
        ];
  const columns: readonly Column<DeadLetter>[] = [
    ...select,
    {
      title: copy.columns.age,
      isPlain: true,
      cell: ({ id, failedAt }) => (
        <button type="button" data-open onClick={() => onOpen(id)}>
          <Moment at={failedAt} as="ago" isPlain />
        </button>
      ),
    },
    { title: copy.columns.error, isPlain: true, wraps: true, cell: ({ error }) => error },
    {
      title: copy.columns.type,
      cell: ({ type }) => (type === null ? '—' : <code className={opsStyles.mono}>{type}</code>),
    },
    { title: copy.columns.pbx, cell: ({ pbxName, source }) => pbxName ?? source?.slice(0, 8) ?? '—' },
    { title: copy.columns.stream, isExtra: true, cell: ({ group, shard }) => `${group} · ${shard}` },
    { title: copy.columns.tries, align: 'end', isExtra: true, cell: ({ attempts }) => attempts },
  ];
  return (
    <Table
      label={copy.rows}
      columns={columns}
      rows={letters}
      keyOf={({ id }) => id}
      hasKeys
      canSelect={onSelect !== null}
    />
  );
}
