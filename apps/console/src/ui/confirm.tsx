import { AlertDialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './confirm.module.css';

interface ConfirmProps {
  readonly isOpen: boolean;
  /** A question with the count in it: "End 12 calls?" */
  readonly title: string;
  /** What will happen, and what will not. */
  readonly children: ReactNode;
  /** Verb, object and count: "End 12 calls". */
  readonly action: string;
  readonly isBusy?: boolean;
  /** It can't be done just now; the text says why. */
  readonly isRefused?: boolean;
  readonly look?: 'danger' | 'primary';
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Before anything is ended, dropped or replayed. Focus is on Cancel. */
export function Confirm(props: ConfirmProps) {
  const { isOpen, title, children, action, isBusy = false, isRefused = false } = props;
  const { look = 'danger', onConfirm, onCancel } = props;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={styles.scrim} />
        <AlertDialog.Content className={styles.content}>
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className={styles.body}>{children}</div>
          </AlertDialog.Description>
          <div className={styles.actions}>
            <AlertDialog.Cancel asChild>
              <Button disabled={isBusy}>Cancel</Button>
            </AlertDialog.Cancel>
            <Button look={look} isBusy={isBusy} disabled={isRefused} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
