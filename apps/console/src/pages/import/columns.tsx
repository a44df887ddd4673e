import type { ImportPreview } from '../../api/answers.ts';
import { importsCopy } from '../../imports/copy.ts';
import { Table, type Column } from '../../ops/table.tsx';
import { opsStyles } from '../../ops/ops-page.tsx';

const copy = importsCopy.check;
type FileColumn = ImportPreview['columns'][number];
interface Placed extends FileColumn {
  readonly place: number;
}

interface ColumnsProps {
  readonly columns: readonly FileColumn[];
  readonly onChange: (targets: readonly string[]) => void;
}

/** What each column of the file holds, as it was guessed; every guess can be corrected. */
export function Columns({ columns, onChange }: ColumnsProps) {
  const rows = columns.map((column, index): Placed => ({ ...column, place: index + 1 }));
  const change = (place: number, target: string) =>
    onChange(rows.map((row) => (row.place === place ? target : row.target)));
  const shown: readonly Column<Placed>[] = [
    { title: copy.named, isPlain: true, wraps: true, cell: (row) => headerOf(row) },
    {
      title: copy.holds,
      cell: (row) => (
        <select
          aria-label={`${headerOf(row)}: ${copy.holds}`}
          value={row.target}
          onChange={({ target }) => change(row.place, target.value)}
        >
          {Object.entries(importsCopy.targets).map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      ),
    },
    {
      title: copy.samples,
      isExtra: true,
      wraps: true,
      cell: ({ samples }) => (
        <span className={opsStyles.quiet}>{samples.filter((sample) => sample !== '').join(' · ')}</span>
      ),
    },
  ];
  return <Table label={copy.title} columns={shown} rows={rows} keyOf={({ place }) => String(place)} />;
}

const headerOf = ({ header, place }: Placed): string => header ?? copy.column(place);
