import type { ReactNode } from 'react';
import { ErrorNotice } from '../ui/notice.tsx';
import { Moment } from '../ui/moment.tsx';
import { opsCopy } from './copy.ts';
import { Outcome, Skeleton } from './ops-page.tsx';
import { Button } from '../ui/button.tsx';

interface Loading<Answer> {
  readonly data: Answer | undefined;
  readonly error: Error | null;
  readonly dataUpdatedAt: number;
  readonly refetch: () => unknown;
}

interface LoadedProps<Answer> {
  readonly from: Loading<Answer>;
  /** What it is that can't be loaded: "the cleanup runs". */
  readonly what: string;
  readonly rows?: number;
  readonly children: (answer: Answer) => ReactNode;
}

/** An answer, its place while it comes, or why it doesn't. What is there stays when asking again fails, and says its age. */
export function Loaded<Answer>({ from, what, rows, children }: LoadedProps<Answer>) {
  const { data, error, refetch, dataUpdatedAt } = from;
  const again = () => void refetch();
  if (data === undefined) {
    if (error !== null) return <ErrorNotice title={opsCopy.notLoaded(what)} error={error} onRetry={again} />;
    return rows === undefined ? <Skeleton /> : <Skeleton rows={rows} />;
  }
  return (
    <>
      {error !== null && (
        <Outcome tone="danger">
          <span>
            {opsCopy.notRefreshed(what)} <Moment at={dataUpdatedAt} />. {error.message}
          </span>
          <Button onClick={again}>{opsCopy.tryAgain}</Button>
        </Outcome>
      )}
      {children(data)}
    </>
  );
}
