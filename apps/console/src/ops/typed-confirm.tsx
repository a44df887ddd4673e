import { useState, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { opsCopy } from './copy.ts';
import { Field, opsStyles } from './ops-page.tsx';

interface TypedConfirmProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** What has to be typed before the button works. */
  readonly word: string;
  readonly label: string;
  readonly action: string;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** For what may harm calls that are alive: a word has to be typed. */
export function TypedConfirm(props: TypedConfirmProps) {
  const { isOpen, title, children, word, label, action, isBusy, onConfirm, onCancel } = props;
  const [typed, setTyped] = useState('');
  const close = () => {
    setTyped('');
    onCancel();
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== word || isBusy) return;
    setTyped('');
    onConfirm();
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={title}>
      <form onSubmit={submit} className={opsStyles.section}>
        {children}
        <Field label={label}>
          <input
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(e) => setTyped(e.target.value)}
          />
        </Field>
        <div className={opsStyles.row}>
          <Button look="danger" type="submit" disabled={typed.trim() !== word} isBusy={isBusy}>
            {action}
          </Button>
          <Button onClick={close}>{opsCopy.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
