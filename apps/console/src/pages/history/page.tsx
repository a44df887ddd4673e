import { useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { usePages, useResource } from '../../api/use-api.ts';
import type { ListedCall } from '../../calls/listed-call.ts';
import { useRowKeys } from '../../keyboard/use-row-keys.ts';
import { useShortcut } from '../../keyboard/use-shortcut.ts';
import { BarTools } from '../../shell/bar.tsx';
import { PlaceCall } from '../../calls/place-call.tsx';
import { serverClock } from '../../time/server-clock.ts';
import { Button } from '../../ui/button.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { historyCopy as copy } from './copy.ts';
import { ExportButton } from './export-button.tsx';
import { Filters } from './filters.tsx';
import {
  isNarrowed,
  noFilter,
  queryOf,
  readFilter,
  writeFilter,
  type HistoryFilter,
} from './history-filter.ts';
import { HistoryTable } from './history-table.tsx';
import styles from './page.module.css';

const rowsAPage = 100;

/** Calls that have ended, newest first. The address is the view. */
export function Page() {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => readFilter(params), [params]);
  // The time is taken when one begins to look, so that all pages are of the same question.
  const [lookedAt, setLookedAt] = useState(serverClock.now);
  const query = useMemo(() => queryOf(filter, lookedAt), [filter, lookedAt]);
  const pages = usePages<ListedCall>('/v1/calls', { query: { ...query, limit: rowsAPage } });
  const counted = useResource<Counted>('/v1/calls/count', { query });
  const calls = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  const scroller = useRef<HTMLDivElement>(null);
  const change = (wanted: Partial<HistoryFilter>) => {
    setLookedAt(serverClock.now());
    setParams(writeFilter({ ...filter, ...wanted }));
  };
  const refresh = () => {
    setLookedAt(serverClock.now());
    void pages.refetch();
  };
  useShortcut('r', copy.keys.refresh, copy.section, refresh);
  useRowKeys(scroller);
  const { data, error, isPending, hasNextPage } = pages;
  return (
    <div className={styles.page}>
      <BarTools>
        <span className={styles.space} />
        <PlaceCall />
      </BarTools>
      <Filters filter={filter} onChange={change}>
        <Button onClick={refresh} isBusy={pages.isRefetching}>
          {copy.refresh}
        </Button>
        <ExportButton query={query} isEmpty={calls.length === 0} />
      </Filters>
      {error !== null && (
        <ErrorNotice
          title={data === undefined ? copy.failed : copy.failedMore}
          error={error}
          onRetry={() => void (data === undefined ? pages.refetch() : pages.fetchNextPage())}
        />
      )}
      {data !== undefined && calls.length === 0 ? (
        <Nothing filter={filter} onClear={() => change(noFilter)} />
      ) : (
        (isPending || data !== undefined) && (
          <HistoryTable scroller={scroller} calls={calls} isLoading={isPending && error === null}>
            <div className={styles.foot}>
              <p role="status">{data !== undefined && shownText(calls.length, hasNextPage, counted.data)}</p>
              <LoadMore from={pages} />
            </div>
          </HistoryTable>
        )
      )}
    </div>
  );
}

interface Counted {
  readonly count: number;
  /** If not, it is about so many. */
  readonly exact: boolean;
}

const number = new Intl.NumberFormat('en');

/** What is shown is known; how many there are is a guess beyond a thousand, and may not be known. */
function shownText(shown: number, hasMore: boolean, counted: Counted | undefined): string {
  const text = number.format(shown);
  if (!hasMore || counted === undefined || counted.count <= shown) return copy.shown(text, hasMore);
  return copy.total(text, number.format(counted.count), counted.exact);
}

function Nothing({ filter, onClear }: { readonly filter: HistoryFilter; readonly onClear: () => void }) {
  if (!isNarrowed(filter) && filter.range === 'all') return <Notice title={copy.empty} />;
  return (
    <Notice
      title={copy.nothingFound}
      action={isNarrowed(filter) ? <Button onClick={onClear}>{copy.filters.clear}</Button> : undefined}
    >
      {copy.nothingFoundLead}
    </Notice>
  );
}
