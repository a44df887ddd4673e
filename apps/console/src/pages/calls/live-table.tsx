import type { CallRow, TopicStatus } from '@trunkline/realtime-client';
import { useRealtime, useRows } from '@trunkline/realtime-react';
import { memo, type RefObject } from 'react';
import { CallCells } from '../../calls/call-cells.tsx';
import { CallsGrid } from '../../calls/calls-grid.tsx';
import grid from '../../calls/calls-grid.module.css';
import { causeWord, durationMs, statusWord } from '../../calls/call-words.ts';
import { callsCopy } from '../../calls/copy.ts';
import { nameOfLink } from '../../links/link-words.ts';
import { lostSince } from '../../links/troubles.ts';
import { useSettings } from '../../settings/use-settings.ts';
import { elapsedText } from '../../time/elapsed.ts';
import { momentText, type Zone } from '../../time/moment.ts';
import { serverClock } from '../../time/server-clock.ts';
import { useTick } from '../../time/use-tick.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { liveCopy as copy } from './copy.ts';
import { freshnessOf, type CallFreshness } from './freshness.ts';
import { groups, rowKey, type Group } from './live-rows.ts';
import styles from './live-table.module.css';

interface LiveTableProps {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly rows: Readonly<Record<Group, readonly CallRow[]>>;
  readonly topic: TopicStatus;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** A row, or what stands above those of its group. */
type Item = CallRow | { readonly heading: Group; readonly count: number };

const keyOf = (item: Item): string => ('heading' in item ? item.heading : rowKey(item));

export function LiveTable({ scroller, rows, topic, selected, onSelect }: LiveTableProps) {
  const { store } = useRealtime();
  const links = new Map(useRows('link').map((link) => [link.pbx, link]));
  const { zone } = useSettings();
  const row = (call: CallRow) => {
    const link = links.get(call.pbx);
    const fresh = freshnessOf(call, topic, link, (of) => lostSince(of, store.get('connection', of.pbx)));
    return (
      <LiveRow
        call={call}
        pbxName={nameOfLink(link ?? { pbx: call.pbx })}
        freshState={fresh.state}
        freshText={freshText(fresh, zone)}
        isSelected={rowKey(call) === selected}
        onSelect={onSelect}
      />
    );
  };
  return (
    <CallsGrid
      scroller={scroller}
      label={copy.table}
      columns={copy.columns}
      items={groups.flatMap((group) => withHeading(group, rows[group]))}
      keyOf={keyOf}
      render={(item) => ('heading' in item ? <Heading {...item} /> : row(item))}
      isLoading={topic.state === 'waiting'}
    />
  );
}

const withHeading = (group: Group, calls: readonly CallRow[]): Item[] =>
  calls.length === 0 ? [] : [{ heading: group, count: calls.length }, ...calls];

const Heading = ({ heading, count }: { readonly heading: Group; readonly count: number }) => (
  <div role="row" className={styles.heading}>
    <div role="cell">
      <h2>
        {copy.groups[heading]} <span>{count}</span>
      </h2>
    </div>
  </div>
);

interface LiveRowProps {
  readonly call: CallRow;
  readonly pbxName: string;
  readonly freshState: CallFreshness['state'];
  readonly freshText: string;
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}

/** Only a row whose call has changed is drawn anew. */
const LiveRow = memo(
  function LiveRow({ call, pbxName, freshState, freshText: fresh, isSelected, onSelect }: LiveRowProps) {
    const isEnded = call.status === 'ended';
    const isOld = freshState === 'stale' || freshState === 'unverified';
    return (
      <div
        role="row"
        className={grid.row}
        data-call-row={rowKey(call)}
        data-ended={isEnded || undefined}
        data-fresh={freshState}
        data-selected={isSelected || undefined}
        onClick={() => onSelect(rowKey(call))}
      >
        <CallCells
          call={call}
          pbxName={pbxName}
          state={
            <>
              <StateBadge state={call.status} isHollow={isOld} />
              <span className={styles.word}>{isEnded ? causeWord(call.cause) : statusWord(call.status)}</span>
            </>
          }
          opener={(parties) => (
            <button type="button" className={grid.open} data-open aria-expanded={isSelected}>
              {parties}
            </button>
          )}
          duration={<Duration call={call} isFrozen={freshState === 'stale'} />}
          mark={isEnded ? '' : fresh}
        />
      </div>
    );
  },
  (one, other) =>
    one.call === other.call &&
    one.pbxName === other.pbxName &&
    one.freshState === other.freshState &&
    one.freshText === other.freshText &&
    one.isSelected === other.isSelected,
);

function Duration({ call, isFrozen }: { readonly call: CallRow; readonly isFrozen: boolean }) {
  useTick(call.status !== 'ended' && !isFrozen);
  const ms = durationMs(call, serverClock.now());
  if (ms === null) return callsCopy.unknown;
  return isFrozen ? `${elapsedText(ms)}+` : elapsedText(ms);
}

function freshText(fresh: CallFreshness, zone: Zone): string {
  const now = serverClock.now();
  if (fresh.state === 'stale')
    return copy.fresh.stale(fresh.since === null ? callsCopy.unknown : momentText(fresh.since, now, zone));
  if (fresh.state === 'unverified')
    return copy.fresh.unverified(momentText(Date.parse(fresh.since), now, zone));
  return copy.fresh[fresh.state];
}
