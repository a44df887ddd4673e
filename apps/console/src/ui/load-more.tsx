import { Button } from './button.tsx';

interface LoadMoreProps {
  /** A list that is read page by page. */
  readonly from: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

/** The rest of a list, when somebody wants it. Nothing where all of it is there. */
export function LoadMore({ from: { hasNextPage, isFetchingNextPage, fetchNextPage } }: LoadMoreProps) {
  if (!hasNextPage) return null;
  return (
    <div>
      <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}
