import { Link } from 'wouter';
import type { ContactImport } from '../../api/answers.ts';
import { usePages } from '../../api/use-api.ts';
import { importsCopy as copy } from '../../imports/copy.ts';
import { UploadBox } from '../../imports/upload-box.tsx';
import { Loaded } from '../../ops/loaded.tsx';
import { BackLink, OpsPage, Section, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { LoadMore } from '../../ui/load-more.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';

const askMs = 5_000;

/** A file begins here, and those that came before it are below. */
export function Page() {
  const imports = usePages<ContactImport>('/v1/imports', { everyMs: askMs });
  useRefresh(imports.refetch);
  return (
    <OpsPage lead={copy.lead}>
      <BackLink href="/contacts">{copy.contacts}</BackLink>
      <UploadBox />
      <Loaded from={imports} what={copy.what}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return (
            <Section title={copy.title}>
              {items.length === 0 ? (
                <Notice title={copy.empty} />
              ) : (
                <Table label={copy.title} columns={columns} rows={items} keyOf={({ id }) => id} hasKeys />
              )}
              <LoadMore from={imports} />
            </Section>
          );
        }}
      </Loaded>
    </OpsPage>
  );
}

const columns: readonly Column<ContactImport>[] = [
  {
    title: copy.columns.file,
    isPlain: true,
    wraps: true,
    cell: ({ id, fileName }) => (
      <Link href={`/imports/${id}`} data-open>
        {fileName}
      </Link>
    ),
  },
  {
    title: copy.columns.state,
    cell: ({ state, plan }) => (
      <>
        {copy.states[state]}
        {plan?.isDryRun === true && <span className={opsStyles.under}>{copy.dry}</span>}
      </>
    ),
  },
  { title: copy.columns.rows, align: 'end', cell: ({ rowsDone }) => rowsDone.toLocaleString('en') },
  { title: copy.columns.by, isExtra: true, cell: ({ createdBy }) => createdBy },
  { title: copy.columns.at, cell: ({ createdAt }) => <Moment at={createdAt} /> },
];
