import type { CleanupChange, CleanupRunDetail } from '../../api/answers.ts';
import { Section, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { runCopy } from './copy.ts';

const copy = runCopy.changes;

const columns: readonly Column<CleanupChange>[] = [
  { title: copy.columns.what, isPlain: true, cell: ({ kind }) => copy.kinds[kind] },
  {
    title: copy.columns.key,
    isPlain: true,
    wraps: true,
    cell: ({ key }) => <code className={opsStyles.mono}>{key}</code>,
  },
  { title: copy.columns.change, isPlain: true, cell: ({ was, became }) => `${was} → ${became}` },
  { title: copy.columns.since, cell: ({ since }) => since ?? copy.nothingSince },
];

/** What each call and phone was before and after, and what the PBX has said of it since. */
export function Changes({ run: { changes, revived } }: { readonly run: CleanupRunDetail }) {
  return (
    <Section title={copy.title} count={revived > 0 ? copy.revived(revived) : changes.length}>
      {changes.length === 0 ? (
        <p className={opsStyles.quiet}>{copy.none}</p>
      ) : (
        <Table
          label={copy.title}
          columns={columns}
          rows={changes}
          keyOf={({ kind, key }) => `${kind} ${key}`}
        />
      )}
    </Section>
  );
}
