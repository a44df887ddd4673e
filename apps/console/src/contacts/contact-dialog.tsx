import { useState, type ComponentProps, type FormEvent } from 'react';
import type { Contact, ContactCard } from '../api/answers.ts';
import { useAction } from '../api/use-action.ts';
import { Field, opsStyles } from '../ops/ops-page.tsx';
import { useMay } from '../session/session-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { contactsCopy } from './copy.ts';
import styles from './contact-dialog.module.css';
import { cardOf, formOf, type CardForm } from './written-card.ts';

const copy = contactsCopy.form;
const conflict = 409;
const blank: ContactCard = { name: null, company: null, email: null, numbers: [], tags: [], notes: null };

interface ContactDialogProps {
  /** The one that is changed; without it one is added. */
  readonly contact?: Contact;
  readonly onClose: () => void;
  readonly onSaved: (contact: Contact) => void;
}

/** All that is known of a contact, to be written. The server normalises it and says what can’t be read. */
export function ContactDialog({ contact, onClose, onSaved }: ContactDialogProps) {
  const seesNumbers = useMay('numbers:read') || contact === undefined;
  const [form, setForm] = useState<CardForm>(() => formOf(contact ?? blank));
  const save = useAction(
    (api, { numbers, ...card }: ContactCard) =>
      contact === undefined
        ? api.ask<Contact>('/v1/contacts', { method: 'POST', body: { ...card, numbers } })
        : api.ask<Contact>(`/v1/contacts/${contact.id}`, {
            method: 'PATCH',
            body: { ...card, ...(seesNumbers && { numbers }), revision: contact.revision },
          }),
    ['/v1/contacts'],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(cardOf(form), { onSuccess: onSaved });
  };
  const part = (name: keyof CardForm) => ({
    value: form[name],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setForm({ ...form, [name]: event.target.value }),
  });
  return (
    <Dialog isOpen onClose={onClose} title={contact === undefined ? copy.add : copy.edit}>
      <form className={styles.form} onSubmit={submit}>
        <Line label={copy.name} autoFocus {...part('name')} />
        <Line label={copy.company} {...part('company')} />
        <Line label={copy.email} inputMode="email" {...part('email')} />
        {seesNumbers ? (
          <Lines label={copy.numbers} placeholder={copy.numbersExample} {...part('numbers')} />
        ) : (
          <p className={opsStyles.quiet}>{copy.numbersHidden}</p>
        )}
        <Line label={copy.tags} {...part('tags')} />
        <Lines label={copy.notes} {...part('notes')} />
        <p className={styles.problem} role="alert">
          {save.error !== null && (save.error.status === conflict ? copy.faster : save.error.message)}
        </p>
        <div className={styles.actions}>
          <Button onClick={onClose}>{copy.cancel}</Button>
          <Button look="primary" type="submit" isBusy={save.isPending}>
            {copy.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const Line = ({ label, ...input }: { readonly label: string } & ComponentProps<'input'>) => (
  <Field label={label}>
    <input autoComplete="off" {...input} />
  </Field>
);

const Lines = ({ label, ...area }: { readonly label: string } & ComponentProps<'textarea'>) => (
  <Field label={label}>
    <textarea rows={3} {...area} />
  </Field>
);
