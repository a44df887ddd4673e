import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import type { Contact } from '../../api/answers.ts';
import { useAction } from '../../api/use-action.ts';
import { useResource } from '../../api/use-api.ts';
import { ContactDialog } from '../../contacts/contact-dialog.tsx';
import { contactsCopy as copy } from '../../contacts/copy.ts';
import { nameOf } from '../../contacts/written-card.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { BackLink, Facts, OpsPage, Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Moment } from '../../ui/moment.tsx';

/** One contact: what is known of them, and the way to their calls. */
export function Page() {
  const { contact: id = '' } = useParams();
  const contact = useResource<Contact>(`/v1/contacts/${id}`);
  useRefresh(contact.refetch);
  return (
    <OpsPage>
      <BackLink href="/contacts">{copy.back}</BackLink>
      <Loaded from={contact} what={copy.one}>
        {(known) => <Card contact={known} onSaved={() => void contact.refetch()} />}
      </Loaded>
    </OpsPage>
  );
}

function Card({ contact, onSaved }: { readonly contact: Contact; readonly onSaved: () => void }) {
  const { company, email, tags, notes, numbers, createdAt, updatedAt } = contact;
  return (
    <>
      <Section title={nameOf(contact) ?? copy.nameless} tools={<Tools contact={contact} onSaved={onSaved} />}>
        <Panel>
          <Facts
            facts={[
              [copy.facts.company, company],
              [copy.facts.email, email === null ? null : <a href={`mailto:${email}`}>{email}</a>],
              [copy.facts.tags, tags.length === 0 ? null : <Tags tags={tags} />],
              [copy.facts.added, <Moment key="added" at={createdAt} />],
              [copy.facts.changed, <Moment key="changed" at={updatedAt} />],
              [copy.facts.notes, notes],
            ]}
          />
        </Panel>
      </Section>
      <Section title={copy.numbers}>
        {numbers.length === 0 && <p className={opsStyles.quiet}>{copy.noNumbers}</p>}
        <ul className={opsStyles.section}>
          {numbers.map(({ number, label }) => (
            <li key={number} className={opsStyles.row}>
              <span className={opsStyles.mono}>{number}</span>
              {label !== null && <span className={opsStyles.quiet}>{label}</span>}
              <Link href={`/history?range=all&number=${encodeURIComponent(number)}`}>{copy.callsOf}</Link>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

const Tags = ({ tags }: { readonly tags: readonly string[] }) =>
  tags.map((tag, index) => (
    <span key={tag}>
      {index > 0 && ', '}
      <Link href={`/contacts?tag=${encodeURIComponent(tag)}`}>{tag}</Link>
    </span>
  ));

function Tools({ contact, onSaved }: { readonly contact: Contact; readonly onSaved: () => void }) {
  const mayWrite = useMay('contacts:write');
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const [, navigate] = useLocation();
  const { id, revision } = contact;
  const queries = useQueryClient();
  const remove = useAction((api) => api.ask(`/v1/contacts/${id}`, { method: 'DELETE', query: { revision } }));
  // The list is asked for again, and not the contact: there is none any more.
  const removed = () => {
    void queries.invalidateQueries({ queryKey: ['/v1/contacts'] });
    navigate('/contacts');
  };
  if (!mayWrite) return null;
  const close = () => setOpen(null);
  const saved = () => {
    close();
    onSaved();
  };
  return (
    <>
      <Button onClick={() => setOpen('edit')}>{copy.edit}</Button>
      <Button look="danger" onClick={() => setOpen('delete')}>
        {copy.remove}
      </Button>
      {open === 'edit' && <ContactDialog contact={contact} onClose={close} onSaved={saved} />}
      <Confirm
        isOpen={open === 'delete'}
        title={copy.delete.title(nameOf(contact) ?? copy.one)}
        action={copy.delete.action}
        isBusy={remove.isPending}
        onCancel={close}
        onConfirm={() => remove.mutate(undefined, { onSuccess: removed })}
      >
        <p>{copy.delete.body}</p>
        {remove.error !== null && <Outcome tone="danger">{remove.error.message}</Outcome>}
      </Confirm>
    </>
  );
}
