import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Contact } from '../../api/answers.ts';
import { usePages } from '../../api/use-api.ts';
import { ContactDialog } from '../../contacts/contact-dialog.tsx';
import { contactsCopy as copy } from '../../contacts/copy.ts';
import { nameOf } from '../../contacts/written-card.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Field, OpsPage, Section, opsStyles } from '../../ops/ops-page.tsx';
import { Table, type Column } from '../../ops/table.tsx';
import { useParam } from '../../ops/use-param.ts';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterBox } from '../../ui/filter-box.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Notice } from '../../ui/notice.tsx';

const rowsAPage = 100;

/** Everybody this company knows, by name. The address is the view. */
export function Page() {
  const [search, setSearch] = useParam('search');
  const [tag, setTag] = useParam('tag');
  const contacts = usePages<Contact>('/v1/contacts', { query: { search, tag, limit: rowsAPage } });
  useRefresh(contacts.refetch);
  const clear = () => {
    setSearch('');
    setTag('');
  };
  return (
    <OpsPage lead={copy.lead}>
      <div className={opsStyles.form}>
        <FilterBox value={search} placeholder={copy.search} onChange={setSearch} />
        <Field label={copy.tag}>
          <input
            value={tag}
            maxLength={60}
            autoComplete="off"
            onChange={(event) => setTag(event.target.value)}
          />
        </Field>
      </div>
      <Loaded from={contacts} what={copy.what}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return (
            <Section
              title={copy.title}
              count={copy.shown(items.length, !contacts.hasNextPage)}
              tools={<Tools />}
            >
              {items.length === 0 ? (
                <Nothing isNarrowed={search !== '' || tag !== ''} onClear={clear} />
              ) : (
                <Table label={copy.title} columns={columns} rows={items} keyOf={({ id }) => id} hasKeys />
              )}
              <LoadMore from={contacts} />
            </Section>
          );
        }}
      </Loaded>
    </OpsPage>
  );
}

function Tools() {
  const mayWrite = useMay('contacts:write');
  const [isAdding, setAdding] = useState(false);
  const [, navigate] = useLocation();
  if (!mayWrite) return null;
  return (
    <>
      <Link href="/imports">{copy.imports}</Link>
      <Button look="primary" onClick={() => setAdding(true)}>
        <UserPlus size={16} aria-hidden />
        {copy.add}
      </Button>
      {isAdding && (
        <ContactDialog onClose={() => setAdding(false)} onSaved={({ id }) => navigate(`/contacts/${id}`)} />
      )}
    </>
  );
}

const Nothing = ({ isNarrowed, onClear }: { readonly isNarrowed: boolean; readonly onClear: () => void }) =>
  isNarrowed ? (
    <Notice title={copy.nothing} action={<Button onClick={onClear}>{copy.clear}</Button>} />
  ) : (
    <Notice title={copy.empty} />
  );

const columns: readonly Column<Contact>[] = [
  {
    title: copy.columns.name,
    isPlain: true,
    wraps: true,
    cell: (contact) => (
      <Link href={`/contacts/${contact.id}`} data-open>
        {nameOf(contact) ?? copy.nameless}
      </Link>
    ),
  },
  { title: copy.columns.company, wraps: true, cell: ({ company }) => company },
  {
    title: copy.columns.numbers,
    cell: ({ numbers }) => (
      <span className={opsStyles.mono}>{numbers.map(({ number }) => number).join(', ')}</span>
    ),
  },
  { title: copy.columns.email, isExtra: true, cell: ({ email }) => email },
  { title: copy.columns.tags, isExtra: true, wraps: true, cell: ({ tags }) => tags.join(', ') },
];
