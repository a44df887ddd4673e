import type { ReactNode } from 'react';
import { ApiError } from '../api/problem.ts';
import { Button } from './button.tsx';
import styles from './notice.module.css';
import { useCopy } from './use-copy.ts';

interface NoticeProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** In place of what is not there: why that is good, or what to do. */
export function Notice({ title, children, action }: NoticeProps) {
  return (
    <div className={styles.notice}>
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.body}>{children}</div>}
      {action}
    </div>
  );
}

/** What could not be loaded, why, and the way on. */
export function ErrorNotice({
  title,
  error,
  onRetry,
}: {
  readonly title: string;
  readonly error: Error;
  readonly onRetry: () => void;
}) {
  const status = error instanceof ApiError && error.status > 0 ? ` (${error.status})` : '';
  const traceId = error instanceof ApiError ? error.traceId : null;
  return (
    <div className={styles.notice} data-look="error" role="alert">
      <p className={styles.title}>
        {title}
        {status}
      </p>
      <p className={styles.body}>{error.message}</p>
      <p className={styles.actions}>
        <Button onClick={onRetry}>Try again</Button>
        {traceId !== null && <CopyText label="Trace" text={traceId} />}
      </p>
    </div>
  );
}

/** An id to be passed on, with a button that copies it. */
export function CopyText({ label, text }: { readonly label: string; readonly text: string }) {
  const { outcome, copy } = useCopy();
  return (
    <span className={styles.copy}>
      {label} <code title={text}>{text.length > 14 ? `${text.slice(0, 12)}…` : text}</code>
      <Button look="quiet" onClick={() => copy(text)}>
        {outcome === 'copied' ? 'Copied' : 'Copy'}
      </Button>
    </span>
  );
}
